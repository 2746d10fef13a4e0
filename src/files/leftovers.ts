// What killed processes leave behind: half-written files and locks that were never taken.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { ownerState } from "./owner.ts";

/** Of a maker that cannot be looked for, such as one before a reboot: nobody of ours takes that long. */
const unknownOwnerLimitMilliseconds = 3_600_000;

/**
 * Removes what is named prefix + anything + "." + ownerName() and whose maker is gone; a living process's is not touched.
 * Never throws: what cannot be removed now does no harm, and the next one tries again.
 */
export function removeLeftovers(folder: string, prefix: string): void {
  try {
    for (const file of readdirSync(folder)) {
      if (!file.startsWith(prefix)) continue;
      const path = join(folder, file);
      if (isAbandoned(path, file.slice(file.lastIndexOf(".") + 1)))
        // Two may clean at once.
        rmSync(path, { recursive: true, force: true });
    }
  } catch {
    return;
  }
}

function isAbandoned(path: string, name: string): boolean {
  const state = ownerState(name);
  if (state !== "unknown") return state === "gone";
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > unknownOwnerLimitMilliseconds;
}
