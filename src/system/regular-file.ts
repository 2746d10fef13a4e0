// Reading what others can name or replace. A FIFO or a terminal would keep the reader waiting, and a device or a sparse
// file would fill its memory: only a regular file of a known size is read.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { HelperError } from "../errors.ts";
import { shellWord } from "../shell-word.ts";
import { foreignOwner, requireOwner } from "./own-place.ts";

export interface ReadOptions {
  /** `refuse`: a symbolic link at the path itself is an error. */
  readonly links?: "follow" | "refuse";
  /** True for a file of ours: one that belongs to another user is an error. */
  readonly own?: boolean;
}

/** Why a file that is there is not read. */
export class UnreadableFile extends HelperError {
  /** Such as `EACCES` or `not a regular file`. */
  readonly reason: string;

  constructor(path: string, reason: string, cause?: unknown) {
    const hint = `ls -ld ${shellWord(path)}`;
    super("system", `cannot read ${path} (${reason})`, { hint, cause });
    this.reason = reason;
  }
}

// Windows has none of the last three, and `|` takes that for 0.
const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
const pieceBytes = 65_536;

/**
 * @param maxBytes the longest file that makes sense; a longer one is an error.
 * @returns the bytes, or undefined when nothing is there.
 * Throws UnreadableFile for what is no regular file, is too large or cannot be read, and HelperError `system` for another
 * user's when it must be ours. It never waits, whatever the path leads to.
 */
export function readRegularFile(
  path: string,
  maxBytes: number,
  { links = "follow", own = false }: ReadOptions = {},
): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    // Before it is opened: opening alone moves some devices.
    requireRegular(path, statSync(path), maxBytes);
    const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (links === "refuse" ? O_NOFOLLOW : 0);
    descriptor = openSync(path, flags);
    // Once more: what was looked at may have been replaced.
    const found = fstatSync(descriptor);
    requireRegular(path, found, maxBytes);
    if (own) requireOwner(path, found);
    return readAll(path, descriptor, found.size, maxBytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (error instanceof HelperError || code === undefined) throw error;
    throw (own ? foreignOwner(path) : undefined) ?? new UnreadableFile(path, code, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function requireRegular(path: string, found: Stats, maxBytes: number): void {
  if (!found.isFile()) throw new UnreadableFile(path, "not a regular file");
  if (found.size > maxBytes) throw tooLarge(path, maxBytes);
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
    if (total > maxBytes) throw tooLarge(path, maxBytes);
  }
}

function tooLarge(path: string, maxBytes: number): UnreadableFile {
  const limit = maxBytes < 1 << 20 ? `${maxBytes >> 10} kB` : `${maxBytes >> 20} MB`;
  return new UnreadableFile(path, `larger than ${limit}`);
}
