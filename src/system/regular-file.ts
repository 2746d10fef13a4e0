// Reading what others can name or replace. A FIFO or a terminal would keep the reader waiting, and a device or a sparse
// file would fill its memory: only a regular file of a known size is read.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { HelperError } from "../errors.ts";
import { shellWord } from "../shell-word.ts";

// Windows lacks the last two, and what is not there sets no bit.
const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
const pieceBytes = 65_536;

/**
 * @param maxBytes the longest file that makes sense; a longer one is an error.
 * @returns the bytes, or undefined when nothing is there.
 * Throws HelperError `system` for what is no regular file, is too large or cannot be read. It never waits, whatever the
 * path leads to.
 */
export function readRegularFile(path: string, maxBytes: number): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    // Before it is opened: opening alone moves some devices.
    requireRegular(path, statSync(path), maxBytes);
    descriptor = openSync(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    // Once more: what was looked at may have been replaced.
    const found = fstatSync(descriptor);
    requireRegular(path, found, maxBytes);
    return readAll(path, descriptor, found.size, maxBytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (error instanceof HelperError || code === undefined) throw error;
    throw unreadable(path, code, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function requireRegular(path: string, found: Stats, maxBytes: number): void {
  if (!found.isFile()) throw unreadable(path, "not a regular file");
  if (found.size > maxBytes) throw unreadable(path, "too large");
}

/** The size is no promise: files of /proc have none, and others grow. */
function readAll(path: string, descriptor: number, size: number, maxBytes: number): Buffer {
  const pieces: Buffer[] = [];
  let total = 0;
  for (let wanted = size + 1; ; wanted = pieceBytes) {
    const piece = Buffer.allocUnsafe(wanted);
    const count = readSync(descriptor, piece, 0, wanted, null);
    if (count === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(0, count));
    total += count;
    if (total > maxBytes) throw unreadable(path, "too large");
  }
}

function unreadable(path: string, reason: string, cause?: unknown): HelperError {
  const hint = `ls -ld ${shellWord(path)}`;
  return new HelperError("system", `cannot read ${path} (${reason})`, { hint, cause });
}
