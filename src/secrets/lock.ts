// The lock on every secret: a file beside the accounts. It lies there, and not where the daemon's socket is, because
// nothing of an environment that still finds the accounts can then lead past it.
import { lstatSync } from "node:fs";
import { rmdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { shellWord } from "../screen/shell-word.ts";
import { directories } from "../files/directories.ts";
import { syncDirectory, writeFileAtomically } from "../files/files.ts";
import { canBeMade, foreignOwner } from "../files/own-place.ts";

export const unlockCommand = "git credential-bitbucket daemon unlock";
export const lockedMessage = "secrets are locked";

/** For commands that go on while secrets are locked: what has become of git meanwhile, and the next command. */
export const lockedNote = `${lockedMessage}: git gets none of them\nnext: ${unlockCommand}\n`;

/** @returns the folder whose secrets are meant here. Throws HelperError `system` when there is no home. */
export function lockPlace({ env, platform }: Pick<Outside, "env" | "platform">): string {
  return directories(env, platform).data;
}

/** @param data the folder of the accounts file. @returns the file that locks the secrets of these accounts. */
export function lockFile(data: string): string {
  return join(data, "locked");
}

/**
 * Whether secrets are locked. Only what is surely not there does not lock: a link, a folder, a file that cannot be
 * looked at do. Cheap enough for every question to the daemon.
 */
export function isLocked(data: string): boolean {
  return lookAtLock(data) !== "open";
}

/** Throws HelperError `locked`, or `system` in another user's folder. Stands before every use of a secret. */
export function refuseLocked(data: string): void {
  const state = lookAtLock(data);
  if (state === "open") return;
  const foreign = state === "hidden" ? foreignOwner(lockFile(data)) : undefined;
  throw foreign ?? new HelperError("locked", lockedMessage, { hint: unlockCommand });
}

/**
 * Whether there are surely no accounts and no lock of this user's: the place is another user's, or it is not there and cannot
 * be made.
 */
export function hasNoAccounts(data: string): boolean {
  const state = lookAtLock(data);
  if (state === "hidden") return foreignOwner(lockFile(data)) !== undefined;
  return state === "open" && !canBeMade(data);
}

function lookAtLock(data: string): "open" | "locked" | "hidden" {
  try {
    const found = lstatSync(lockFile(data), { throwIfNoEntry: false });
    return found === undefined ? "open" : "locked";
  } catch (error) {
    // A file in the place of a folder above: there can be no lock, and no account either.
    return (error as NodeJS.ErrnoException).code === "ENOTDIR" ? "open" : "hidden";
  }
}

/**
 * Locks for good: the lock outlives the daemon, the session and a power cut.
 * Throws HelperError `system` when it cannot be written; then nothing is locked.
 */
export async function lockSecrets(data: string): Promise<void> {
  if (isLocked(data)) return;
  // Empty: that much fits on many a full disk.
  await writeFileAtomically(lockFile(data), "");
}

/** @returns whether they were locked. Throws HelperError `system` when the lock cannot be taken away. */
export async function unlockSecrets(data: string): Promise<boolean> {
  const path = lockFile(data);
  if (!isLocked(data)) return false;
  try {
    await (isDirectory(path) ? rmdir(path) : unlink(path));
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    throw new HelperError("system", `cannot remove ${path} (${code})`, {
      hint: `ls -ld ${shellWord(path)}`,
      cause: error,
    });
  }
  await syncDirectory(dirname(path));
  return true;
}

function isDirectory(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}
