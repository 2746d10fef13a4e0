// Reading people's files: one that is not there is no matter, one that cannot be read is told of and passed over.
import { readRegularFile, UnreadableFile } from "./regular-file.ts";
import type { Shown } from "../screen/home-path.ts";

/** @returns bytes as Latin-1, or undefined. */
export type ReadText = (path: string) => string | undefined;

/** Files of logins and of git's configuration that people wrote are far from it. */
export const maxTextBytes = 16 << 20;

/** @param note takes what a person should know. */
export function openReader(shown: Shown, note: (text: string) => void): ReadText {
  return (path) => {
    try {
      return readRegularFile(path, maxTextBytes)?.toString("latin1");
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      note(`${shown(path)} cannot be read (${error.reason})`);
      return undefined;
    }
  };
}
