// Reading people's files: one that is not there is no matter, one that cannot be read is told of and passed over.
import { readFile } from "node:fs/promises";
import type { Shown } from "./shown.ts";

/** @returns bytes as Latin-1, or undefined. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** @param note takes what a person should know. */
export function openReader(shown: Shown, note: (text: string) => void): ReadText {
  return async (path) => {
    try {
      return await readFile(path, "latin1");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code !== "ENOENT") note(`${shown(path)} cannot be read (${code})`);
      return undefined;
    }
  };
}
