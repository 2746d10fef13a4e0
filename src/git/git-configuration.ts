// Git's whole configuration with where each entry stands, and changes to it. git-config(1).
import { HelperError } from "../errors.ts";
import type { ConfigEntry } from "./config-entries.ts";
import { listEntries } from "./git-config.ts";
import type { Git } from "./git.ts";

export type { ConfigEntry } from "./config-entries.ts";

/** Where one can write. */
export type WritableScope = "system" | "global" | "local";

/** @returns all entries in the order in which git reads them, includes followed. Throws HelperError `git`. */
export async function listConfig(git: Git, cwd?: string): Promise<readonly ConfigEntry[]> {
  return await listEntries((args, okExitCodes) => git.run(args, { cwd, okExitCodes }), git.env);
}

/** Replaces all values of a key by one. Throws HelperError `git`, also for a value that git would not give back. */
export async function setConfig(
  git: Git,
  scope: WritableScope,
  key: string,
  value: string,
): Promise<void> {
  await git.run(["config", `--${scope}`, "--replace-all", key, checked(value)]);
}

/** Adds a value behind those that are there. Throws HelperError `git`. */
export async function addConfig(
  git: Git,
  scope: WritableScope,
  key: string,
  value: string,
): Promise<void> {
  await git.run(["config", `--${scope}`, "--add", key, checked(value)]);
}

/** Removes all values of a key. @returns whether there were any. Throws HelperError `git`. */
export async function unsetConfig(git: Git, scope: WritableScope, key: string): Promise<boolean> {
  const args = ["config", `--${scope}`, "--unset-all", key];
  const { exitCode } = await git.run(args, { okExitCodes: [0, 5] });
  return exitCode === 0;
}

/** Older gits lose a carriage return at the end of a value when they read it back: CVE-2025-48384. */
function checked(value: string): string {
  // eslint-disable-next-line no-control-regex -- these are what it is about
  if (!/[\u0000\n\r]/u.test(value)) return value;
  throw new HelperError("git", "a line break cannot stand in git's configuration");
}
