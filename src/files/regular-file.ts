// Reading what others can name or replace. A FIFO or a terminal would keep the reader waiting, and a device or a sparse
// file would fill its memory: only a regular file of a known size is read.
import { constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { closeHandle, closeQuietly } from "./close.ts";
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

const pieceBytes = 65_536;

/**
 * @param maxBytes the longest file that makes sense; a longer one is an error.
 * @returns the bytes, or undefined when nothing is there.
 * Throws UnreadableFile for what is no regular file, is too large or cannot be read, and HelperError `system` for another
 * user's when it must be ours. It waits for nothing but the disk, whatever the path leads to.
 */
export function readRegularFile(
  path: string,
  maxBytes: number,
  options: ReadOptions = {},
): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    // Before it is opened: opening alone moves some devices.
    requireRegular(path, statSync(path), maxBytes);
    descriptor = openSync(path, flagsFor(options));
    // Once more: what was looked at may have been replaced.
    const found = fstatSync(descriptor);
    requireRegular(path, found, maxBytes, options);
    const pieces = openPieces(path, found.size, maxBytes);
    for (let piece = pieces.first; ; piece = Buffer.allocUnsafe(pieceBytes))
      if (pieces.end(piece, readSync(descriptor, piece))) return pieces.all();
  } catch (error) {
    return nothingOrThrow(path, error, options);
  } finally {
    if (descriptor !== undefined) closeQuietly(descriptor);
  }
}

/** As readRegularFile(); the program goes on meanwhile, also where a network's disk does not answer any more. */
export async function loadRegularFile(
  path: string,
  maxBytes: number,
  options: ReadOptions = {},
): Promise<Buffer | undefined> {
  let file: FileHandle | undefined;
  try {
    requireRegular(path, await stat(path), maxBytes);
    file = await open(path, flagsFor(options));
    const found = await file.stat();
    requireRegular(path, found, maxBytes, options);
    const pieces = openPieces(path, found.size, maxBytes);
    for (let piece = pieces.first; ; piece = Buffer.allocUnsafe(pieceBytes))
      if (pieces.end(piece, (await file.read(piece)).bytesRead)) return pieces.all();
  } catch (error) {
    return nothingOrThrow(path, error, options);
  } finally {
    await closeHandle(file);
  }
}

function flagsFor({ links }: ReadOptions): number {
  // Windows has none of the last three, and `|` takes that for 0.
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY, O_NOFOLLOW } = constants;
  return O_RDONLY | O_NONBLOCK | O_NOCTTY | (links === "refuse" ? O_NOFOLLOW : 0);
}

function requireRegular(
  path: string,
  found: Stats,
  maxBytes: number,
  { own }: ReadOptions = {},
): void {
  if (!found.isFile()) throw new UnreadableFile(path, "not a regular file");
  if (found.size > maxBytes) throw tooLarge(path, maxBytes);
  if (own === true) requireOwner(path, found);
}

/** The size is no promise: files of /proc have none, and others grow. */
function openPieces(path: string, size: number, maxBytes: number) {
  const pieces: Buffer[] = [];
  let total = 0;
  return {
    first: Buffer.allocUnsafe(size + 1),
    /** Takes what was read. @returns whether that was all. */
    end(piece: Buffer, count: number): boolean {
      pieces.push(piece.subarray(0, count));
      total += count;
      if (total > maxBytes) throw tooLarge(path, maxBytes);
      return count === 0 || (size > 0 && total === size);
    },
    all: () => Buffer.concat(pieces),
  };
}

function nothingOrThrow(path: string, error: unknown, { own }: ReadOptions): undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  if (error instanceof HelperError || code === undefined) throw error;
  throw (own === true ? foreignOwner(path) : undefined) ?? new UnreadableFile(path, code, error);
}

function tooLarge(path: string, maxBytes: number): UnreadableFile {
  const limit = maxBytes < 1 << 20 ? `${maxBytes >> 10} kB` : `${maxBytes >> 20} MB`;
  return new UnreadableFile(path, `larger than ${limit}`);
}
