// Where lines of the log may go: a file of ours that nobody else can write and that holds nothing but our lines. A FIFO
// would keep git waiting, and lines in a shell's start-up file would be run.
import { constants, fstatSync, lstatSync, openSync, readSync, type Stats } from "node:fs";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { closeQuietly } from "../files/close.ts";
import { requireOwner } from "../files/own-place.ts";

// Windows has none of the last three, and `|` takes that for 0.
const { O_APPEND, O_CREAT, O_RDWR, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** How every line of ours begins. */
const lineStart = '{"level":';

/**
 * @param path made 0600 when nothing is there.
 * @returns a descriptor whose writes go to the end. Throws HelperError `system` for what is no log of ours.
 */
export function openForAppending(path: string): number {
  let descriptor: number | undefined;
  try {
    // Before it is opened: opening alone moves some devices.
    requireLog(path, lstatSync(path, { throwIfNoEntry: false }));
    const flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    descriptor = openSync(path, flags, 0o600);
    requireLog(path, fstatSync(descriptor));
    requireOurLines(path, descriptor);
    return descriptor;
  } catch (error) {
    if (descriptor !== undefined) closeQuietly(descriptor);
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof HelperError || code === undefined) throw error;
    throw new HelperError("system", `cannot write the log ${path} (${code})`, {
      hint: `ls -ld ${shellWord(path)}`,
      cause: error,
    });
  }
}

function requireLog(path: string, found: Stats | undefined): void {
  if (found === undefined) return;
  if (found.isSymbolicLink()) throw refusal(path, "it is a symbolic link");
  if (!found.isFile()) throw refusal(path, "it is not a regular file");
  requireOwner(path, found);
  // Windows has no such modes.
  if (process.getuid !== undefined && (found.mode & 0o022) !== 0)
    throw refusal(path, "other users can write to it", `chmod 600 ${shellWord(path)}`);
  if (found.nlink > 1) throw refusal(path, "it is a file with several names");
}

function requireOurLines(path: string, descriptor: number): void {
  const start = Buffer.alloc(lineStart.length);
  const count = readSync(descriptor, start, 0, start.length, 0);
  if (count > 0 && start.toString("latin1") !== lineStart)
    throw refusal(path, "what it holds is no log of this program");
}

function refusal(path: string, problem: string, hint = `ls -ld ${shellWord(path)}`): HelperError {
  return new HelperError("system", `cannot write the log ${path}: ${problem}`, { hint });
}
