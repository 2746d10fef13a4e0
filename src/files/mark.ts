// A mark that a process is in the middle of something: a file that bears its name and says what is to be undone, should it
// end before it is done.
import { readdirSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asSystemFailure, makePrivateDirectory } from "./files.ts";
import { ownerName, ownerState } from "./owner.ts";
import { readRegularFile } from "./regular-file.ts";

const maxBytes = 4096;

/** Runs fn under a mark of that name in the folder, which is made when missing. Throws HelperError `system`. */
export async function withMark<T>(
  folder: string,
  name: string,
  text: string,
  fn: () => Promise<T>,
): Promise<T> {
  await makePrivateDirectory(folder);
  const path = join(folder, `${name}.${ownerName()}`);
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (error) {
    removeMark(path);
    throw asSystemFailure("write", path, error);
  }
  try {
    return await fn();
  } finally {
    removeMark(path);
  }
}

export interface Mark {
  readonly path: string;
  readonly text: string;
  /** Whether its process is gone; false also where that cannot be told. */
  readonly isAbandoned: boolean;
}

/** @returns the marks of that name. Throws HelperError `system` for one that cannot be read. */
export function findMarks(folder: string, name: string): readonly Mark[] {
  const start = `${name}.`;
  return namesIn(folder)
    .filter((file) => file.startsWith(start))
    .flatMap((file) => {
      const path = join(folder, file);
      const text = readRegularFile(path, maxBytes, { own: true })?.toString("utf8");
      const isAbandoned = ownerState(file.slice(start.length)) === "gone";
      return text === undefined ? [] : [{ path, text, isAbandoned }];
    });
}

/** Never throws: of an abandoned mark what is to be undone is undone once more, the next time. */
export function removeMark(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    return;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
