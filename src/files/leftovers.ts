// What killed processes leave behind: half-written files and locks that were never taken.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ownerState } from "./owner.ts";

/** Of a maker that cannot be looked for, such as one before a reboot: nobody of ours takes that long. */
const unknownOwnerLimitMilliseconds = 3_600_000;

/**
 * Removes what is named prefix + anything + "." + ownerName() and whose maker is gone; a living process's is not touched.
 */
export async function removeLeftovers(folder: string, prefix: string): Promise<void> {
  for (const file of await readdir(folder)) {
    if (!file.startsWith(prefix)) continue;
    const path = join(folder, file);
    if (await isAbandoned(path, file.slice(file.lastIndexOf(".") + 1))) {
      // Two may clean at once.
      await rm(path, { recursive: true, force: true });
    }
  }
}

async function isAbandoned(path: string, name: string): Promise<boolean> {
  const state = ownerState(name);
  if (state !== "unknown") return state === "gone";
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > unknownOwnerLimitMilliseconds;
}
