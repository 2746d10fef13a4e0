// Tells whether a file is still the one that was read.
import type { Stats } from "node:fs";

/** Times are fractions of a millisecond: a rewrite in place within a few microseconds, of the same size, would not show. */
export function stampText({ dev, ino, mtimeMs, ctimeMs, size }: Stats): string {
  return `${dev}:${ino}:${mtimeMs}:${ctimeMs}:${size}`;
}
