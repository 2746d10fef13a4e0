// A new file takes an old one's name. Windows refuses that while another program has the old one open, such as a virus
// scanner, an indexer or git itself: mostly for milliseconds.
import { renameSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const heldElsewhere = new Set(["EPERM", "EBUSY", "EACCES"]);
/** Thirty helpers that read it in turn keep it open for more than a second. */
const patienceMilliseconds = 8000;
const longestPauseMilliseconds = 50;

/** Renames, on Windows again and again for some seconds. Throws what rename(2) throws. */
export async function putInPlace(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  const end = performance.now() + patienceMilliseconds;
  for (;;) {
    try {
      renameSync(from, to);
      return;
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      const isHeld = platform === "win32" && heldElsewhere.has(code);
      if (!isHeld || performance.now() > end) throw error;
    }
    // By chance: between two readers the file is free for a moment.
    await sleep(Math.random() * longestPauseMilliseconds);
  }
}
