// A new file takes an old one's name. Windows refuses that while another program has the old one open, such as a virus
// scanner, an indexer or git itself: mostly for milliseconds.
import { renameSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const heldElsewhere = new Set(["EPERM", "EBUSY", "EACCES"]);
/** Git for Windows tries for as long; an editor holds a file no longer than it takes to read it. */
const patienceMilliseconds = 1000;

/** Renames, on Windows again and again for a second. Throws what rename(2) throws. */
export async function putInPlace(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const end = performance.now() + patienceMilliseconds;
  for (let pause = 5; ; pause *= 2) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      const isHeld = platform === "win32" && heldElsewhere.has(code);
      if (!isHeld || performance.now() + pause > end) throw error;
    }
    await sleep(pause);
  }
}
