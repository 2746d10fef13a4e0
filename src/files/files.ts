// Files that hold what matters: private, whole or not there at all.
import {
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { lstat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { closeQuietly } from "./close.ts";
import { removeLeftovers } from "./leftovers.ts";
import { foreignOwner, requireOwner, requireOwnPlace } from "./own-place.ts";
import { ownerName } from "./owner.ts";
import { putInPlace } from "./put-in-place.ts";

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/**
 * Replaces a file in one step, 0600: whoever reads it, also after a crash or a power cut, sees the old or the new bytes.
 * The folder is made when missing; what killed writers left in it is removed.
 * Throws HelperError `system`, with the old file whole and nothing beside it, when the disk is full, the folder cannot
 * be written or is another user's, or something other than a regular file of ours is in the way (a symbolic link would
 * lead the bytes elsewhere).
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  await makePrivateDirectory(dirname(path));
  refuseOther(path);
  removeLeftovers(dirname(path), ".");
  const temporary = join(dirname(path), `.${basename(path)}.${ownerName()}`);
  // Without a turn of the event loop between the steps: on a busy machine each one waits for all other processes.
  try {
    writeNew(temporary, bytes);
    await putInPlace(temporary, path);
  } catch (error) {
    removeTemporary(temporary);
    throw asSystemFailure("write", path, error);
  }
  await syncDirectory(dirname(path));
}

/**
 * Makes a folder, and those above it, 0700; one that exists is left as it is.
 * Throws HelperError `system`, also when what exists of them is another user's: see own-place.ts.
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  requireOwnPlace(path);
  try {
    // Created 0700, not changed to it after: in between, another user could open what is in it.
    mkdirSync(path, { mode: 0o700, recursive: true });
  } catch (error) {
    throw asSystemFailure("make", path, error);
  }
}

/**
 * @returns false when nothing is there, true when it is a file or folder of ours that nobody else can open.
 * Throws HelperError `system` when it is another user's, open to others, or a symbolic link. Windows has no such modes.
 */
export async function checkPrivate(path: string): Promise<boolean> {
  const found = await lookAt(path);
  if (found === undefined) return false;
  if (process.getuid === undefined) return true;
  if (found.isSymbolicLink()) {
    throw new HelperError("system", `${path} is a symbolic link`, {
      hint: `ls -l ${shellWord(path)}`,
    });
  }
  requireOwner(path, found);
  if ((found.mode & 0o077) !== 0) {
    const mode = (found.mode & 0o777).toString(8).padStart(4, "0");
    throw new HelperError("system", `${path} is open to other users (mode ${mode})`, {
      hint: `chmod ${found.isDirectory() ? "700" : "600"} ${shellWord(path)}`,
    });
  }
  return true;
}

function refuseOther(path: string): void {
  const found = lstatIfThere(path);
  if (found === undefined) return;
  if (found.isFile()) {
    requireOwner(path, found);
    return;
  }
  const what = found.isSymbolicLink() ? "a symbolic link" : "not a regular file";
  throw new HelperError("system", `${path} is ${what}, so it is not written`, {
    hint: `ls -ld ${shellWord(path)}`,
  });
}

/** A disk that does not answer keeps nobody but who asked. */
async function lookAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    return ignoreMissing(path, error);
  }
}

function lstatIfThere(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    return ignoreMissing(path, error);
  }
}

function ignoreMissing(path: string, error: unknown): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT" && code !== "ENOTDIR") throw asSystemFailure("look at", path, error);
}

function writeNew(path: string, bytes: Uint8Array | string): void {
  const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeQuietly(file);
  }
}

/** What went wrong before counts. */
function removeTemporary(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The next writer removes it: see leftovers.ts.
  }
}

/** Makes what was renamed or removed in a folder last: without this a power cut may bring the old state back. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open folders, and some network file systems refuse: the rename stands all the same.
  try {
    const folder = openSync(path, O_RDONLY | O_DIRECTORY);
    try {
      fsyncSync(folder);
    } finally {
      closeQuietly(folder);
    }
  } catch {
    // What is committed is committed.
  }
}

/** @returns the error for people; one that the system did not make is thrown as it is. */
export function asSystemFailure(verb: string, path: string, error: unknown): HelperError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  const owned = code === "EACCES" || code === "EPERM" ? foreignOwner(path) : undefined;
  if (owned !== undefined) return owned;
  const reason = code === "ENOSPC" || code === "EDQUOT" ? "the disk is full" : code;
  return new HelperError("system", `cannot ${verb} ${path} (${reason})`, {
    hint:
      code === "ENOSPC"
        ? `df -h ${shellWord(dirname(path))}`
        : `ls -ld ${shellWord(dirname(path))}`,
    cause: error,
  });
}
