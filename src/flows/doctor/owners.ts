// Whether the home and what is kept in it are this user's: root with a person's HOME, and the person after root was there,
// can keep nothing.
import { access, constants } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { HelperError } from "../../errors.ts";
import type { Outside } from "../../outside.ts";
import { directories } from "../../files/directories.ts";
import { foreignOwner } from "../../files/own-place.ts";
import { failed, type Finding, ok, skipped } from "./check.ts";
import type { DoctorContext } from "./context.ts";

/** Throws HelperError `system` when there is no home. */
export async function checkOwners({ outside }: DoctorContext): Promise<readonly Finding[]> {
  if (outside.platform === "win32") return [skipped("files have no such owner on windows")];
  const foreign = new Map<string, Finding>();
  for (const path of placesOf(outside)) {
    const error = await problemOf(path);
    if (error !== undefined) foreign.set(error.message, failed(error.message, error.hint ?? ""));
  }
  if (foreign.size > 0) return [...foreign.values()];
  return [ok("the home and the files of this program are yours")];
}

function placesOf({ env, platform }: Pick<Outside, "env" | "platform">): readonly string[] {
  const { data, state, cache } = directories(env, platform);
  const home = env["HOME"] ?? "";
  const config = env["XDG_CONFIG_HOME"] || join(home, ".config");
  const files = ["accounts.json", "identity.txt", "secrets"].map((name) => join(data, name));
  const ofGit = [join(home, ".gitconfig"), join(config, "git", "config")];
  return [home, ...files, state, cache, ...ofGit].filter((path) => isAbsolute(path));
}

/** @returns undefined when it is this user's, or can be made. */
async function problemOf(path: string): Promise<HelperError | undefined> {
  const nearest = await nearestThere(path);
  const error = foreignOwner(nearest);
  if (error === undefined || nearest === path || process.geteuid?.() === 0) return error;
  return (await can(nearest, constants.W_OK | constants.X_OK)) ? undefined : error;
}

/** Waits where the disk does not answer, so that what is asked about it afterwards does. */
async function nearestThere(path: string): Promise<string> {
  if (path === dirname(path) || (await can(path, constants.F_OK))) return path;
  return await nearestThere(dirname(path));
}

async function can(path: string, mode: number): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  );
}
