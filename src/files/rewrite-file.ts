// A person's file, changed in one step as git changes its own: FILE.lock is made, filled and renamed to FILE, so git waits
// or refuses meanwhile, and a crash leaves the old file whole. Before that, its bytes go to a backup that only its owner
// can read.
import type { BigIntStats } from "node:fs";
import { type FileHandle, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { syncDirectory } from "./files.ts";
import { requireOwnFile, requireOwnPlace } from "./own-place.ts";
import { readRegularFile } from "./regular-file.ts";
import { maxTextBytes } from "./read-text.ts";

/** As long as git's helper `store` waits for its lock. */
const lockPatienceMilliseconds = 1000;
const backupSuffix = ".before-migrate";

/**
 * Mode and owner stay. A symbolic link stays a link: its target changes, and the backup lies beside the link, since the
 * target may be in a folder that is shared or committed.
 *
 * @param backupAt where the backup goes, if not beside the file; a number follows when there is one already.
 * @param change gets and gives bytes as Latin-1, whatever the encoding; what it throws leaves all as it was.
 * @returns the backup's path, or undefined when there was nothing to change.
 * Throws HelperError `system`, with the file whole, when it is locked, cannot be written, or belongs to another user.
 */
export async function rewriteFile(
  path: string,
  change: (text: string) => string | Promise<string>,
  backupAt = path,
): Promise<string | undefined> {
  const target = await realpath(path).catch(failing("read", path));
  requireOwnFile(target);
  requireOwnPlace(dirname(backupAt));
  const lock = `${target}.lock`;
  const file = await openLock(target, lock);
  let backup: string | undefined;
  try {
    const before = readThere(target);
    const after = await change(before);
    if (after === before) return undefined;
    backup = await writeBackup(backupAt, before);
    await file.writeFile(Buffer.from(after, "latin1"));
    await keepOwner(file, await stat(target, { bigint: true }), target);
    await file.sync();
    await rename(lock, target);
    await syncDirectory(dirname(target));
    return backup;
  } catch (error) {
    if (backup !== undefined) await unlink(backup);
    throw asSystemError("write", target, error);
  } finally {
    await file.close();
    await unlink(lock).catch(() => {});
  }
}

/** Removes a file that holds one secret and nothing else. @returns the backup's path. Throws HelperError `system`. */
export async function removeFile(path: string): Promise<string> {
  try {
    requireOwnFile(path);
    const backup = await writeBackup(path, readThere(path));
    await unlink(path);
    await syncDirectory(dirname(path));
    return backup;
  } catch (error) {
    throw asSystemError("remove", path, error);
  }
}

function readThere(path: string): string {
  const bytes = readRegularFile(path, maxTextBytes, { own: true });
  if (bytes !== undefined) return bytes.toString("latin1");
  throw new HelperError("system", `cannot read ${path} (ENOENT)`, {
    hint: `ls -ld ${shellWord(path)}`,
  });
}

async function openLock(path: string, lock: string): Promise<FileHandle> {
  const end = performance.now() + lockPatienceMilliseconds;
  for (;;) {
    try {
      // 0600 until it has its bytes: they may be secrets of other hosts.
      return await open(lock, "wx", 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST")
        throw asSystemError("write", path, error);
      if (performance.now() < end) {
        await sleep(20);
        continue;
      }
      // Without a comment behind the command: zsh at a terminal has none, and would remove files of these names.
      throw new HelperError(
        "system",
        `another program is changing ${path}; if no git runs, its lock was left behind`,
        { hint: `rm ${shellWord(lock)}`, cause: error },
      );
    }
  }
}

async function writeBackup(path: string, text: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const backup = `${path}${backupSuffix}${number === 1 ? "" : `-${number}`}`;
    let file: FileHandle;
    try {
      file = await open(backup, "wx", 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    try {
      await file.writeFile(Buffer.from(text, "latin1"));
      await file.sync();
    } catch (error) {
      await unlink(backup);
      throw error;
    } finally {
      await file.close();
    }
    await syncDirectory(dirname(backup));
    return backup;
  }
}

async function keepOwner(
  file: FileHandle,
  { uid, gid, mode }: BigIntStats,
  path: string,
): Promise<void> {
  const own = await file.stat({ bigint: true });
  if (own.uid !== uid || own.gid !== gid) {
    await file.chown(Number(uid), Number(gid)).catch((error: unknown) => {
      throw new HelperError("system", `${path} would change its owner, so it is not written`, {
        hint: `ls -l ${shellWord(path)}`,
        cause: error,
      });
    });
  }
  // After chown, which takes bits away.
  await file.chmod(Number(mode & 0o7777n));
}

function failing(verb: string, path: string): (error: unknown) => never {
  return (error) => {
    throw asSystemError(verb, path, error);
  };
}

function asSystemError(verb: string, path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof HelperError || code === undefined) return error;
  return new HelperError("system", `cannot ${verb} ${path} (${code})`, {
    hint: `ls -ld ${shellWord(path)}`,
    cause: error,
  });
}
