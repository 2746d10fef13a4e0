// Closing what was read, or what was written and synced: the kernel lets go of it whatever close(2) returns, and an error of
// it would hide the one that counts.
import { closeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";

export function closeQuietly(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // Let go all the same.
  }
}

/** As closeQuietly. Never rejects. */
export async function closeHandle(file: FileHandle | undefined): Promise<void> {
  await file?.close().catch(() => {});
}
