// A person's file with a secret in it, changed or removed. Before that, its bytes go to a backup that only its owner can read.
import { type FileHandle, open, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { asSystemError, changeFile, readThere } from "./change-file.ts";
import { closeHandle } from "./close.ts";
import { syncDirectory } from "./files.ts";
import { requireOwnFile, requireOwnPlace } from "./own-place.ts";

const backupSuffix = ".before-migrate";

/**
 * As changeFile. The backup of a symbolic link lies beside the link, since its target may be in a folder that is shared or
 * committed.
 *
 * @param backupAt where the backup goes, if not beside the file; a number follows when there is one already.
 * @returns the backup's path, or undefined when there was nothing to change.
 */
export async function rewriteFile(
  path: string,
  change: (text: string) => string | Promise<string>,
  backupAt = path,
): Promise<string | undefined> {
  requireOwnPlace(dirname(backupAt));
  let backup: string | undefined;
  const keep = async (before: string): Promise<() => Promise<void>> => {
    const written = await writeBackup(backupAt, before);
    backup = written;
    return () => unlink(written);
  };
  await changeFile(path, change, { keep });
  return backup;
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
      // What went wrong before counts.
      await unlink(backup).catch(() => {});
      throw error;
    } finally {
      await closeHandle(file);
    }
    await syncDirectory(dirname(backup));
    return backup;
  }
}
