// A limit of the system's behind a failure: of open files (ulimit -n), or of processes (ulimit -u).
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { HelperError } from "../errors.ts";

/** Starting a program takes this many: a pipe for each of its streams, and one for how it starts. */
const neededFiles = 8;

/**
 * Whatever fails where files run out, fails by a word of its own, so it is tried whether some can still be opened.
 * @returns the error for people; undefined when no limit is reached.
 */
export function shortageBehind(error: unknown): HelperError | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === "EAGAIN" && syscall?.startsWith("spawn") === true)
    return new HelperError("system", "the system lets this user start no more processes", {
      hint: "ulimit -u",
      cause: error,
    });
  if (code !== "EMFILE" && code !== "ENFILE" && canOpenFiles()) return undefined;
  return new HelperError("system", "the system lets this program open no more files", {
    hint: "ulimit -n 256",
    cause: error,
  });
}

function canOpenFiles(): boolean {
  const files: number[] = [];
  try {
    while (files.length < neededFiles) files.push(openSync(devNull, "r"));
    return true;
  } catch {
    return false;
  } finally {
    for (const file of files) closeSync(file);
  }
}
