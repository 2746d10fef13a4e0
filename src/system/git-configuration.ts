// Git's whole configuration with where each entry stands, and changes to it. git-config(1).
import { HelperError } from "../errors.ts";
import type { Git } from "./git.ts";

/** Where git looks; `command` is -c and GIT_CONFIG_*. */
export type ConfigScope = "system" | "global" | "local" | "worktree" | "command";
/** Where one can write. */
export type WritableScope = "system" | "global" | "local";

export interface ConfigEntry {
  readonly scope: ConfigScope;
  /** Such as `file:/home/ada/.gitconfig` or `command line:`. */
  readonly origin: string;
  /** Section and name folded, the part between as it stands. */
  readonly key: string;
  /** Undefined for a key without "=". May hold a secret: never shown as it is. */
  readonly value: string | undefined;
}

/** @returns all entries in the order in which git reads them, includes followed. Throws HelperError `git`. */
export async function listConfig(git: Git, cwd?: string): Promise<readonly ConfigEntry[]> {
  const args = ["config", "-z", "--show-origin", "--show-scope", "--list"];
  const { stdout } = await git.run(args, { cwd });
  const fields = stdout.split("\0");
  const entries: ConfigEntry[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [scope = "", origin = "", entry = ""] = fields.slice(at, at + 3);
    const end = entry.indexOf("\n");
    entries.push({
      scope: scope as ConfigScope,
      origin,
      key: end === -1 ? entry : entry.slice(0, end),
      value: end === -1 ? undefined : entry.slice(end + 1),
    });
  }
  return entries;
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
