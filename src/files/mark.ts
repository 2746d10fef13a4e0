// A mark that a process is in the middle of something: a file that bears its name, so that a dead one's counts no more.
import { closeSync, openSync, readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { asSystemFailure, makePrivateDirectory } from "./files.ts";
import { removeLeftovers } from "./leftovers.ts";
import { ownerName } from "./owner.ts";

/** Runs fn under a mark of that name in the folder, which is made when missing. Throws HelperError `system`. */
export async function withMark<T>(folder: string, name: string, fn: () => Promise<T>): Promise<T> {
  await makePrivateDirectory(folder);
  const path = join(folder, `${name}.${ownerName()}`);
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    throw asSystemFailure("write", path, error);
  }
  try {
    return await fn();
  } finally {
    try {
      unlinkSync(path);
    } catch {
      // It counts no more once this process has ended.
    }
  }
}

/** Whether any process has the mark. */
export function isMarked(folder: string, name: string): boolean {
  removeLeftovers(folder, `${name}.`);
  try {
    return readdirSync(folder).some((file) => file.startsWith(`${name}.`));
  } catch {
    return false;
  }
}
