// Remembers what a person was told a moment ago: git may fail thirty times in a second, each time with a helper of its own.
// One empty file for each thing and minute, like those of once-a-day.ts.
import { createHash } from "node:crypto";
import { open, readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { closeHandle } from "./close.ts";
import { makePrivateDirectory } from "./files.ts";

const minute = 60_000;

/**
 * @param folder for the files; made when missing.
 * @param name of what is told; any text.
 * @param now milliseconds since 1970.
 * @returns whether nobody was told within the last minute. True as well where nothing can be remembered: what is told is
 * why git's work failed, and to say it twice is better than never.
 */
export async function isFirstThisMinute(
  folder: string,
  name: string,
  now: number,
): Promise<boolean> {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 16);
  const markOf = (at: number): string => `${digest}.${at}m`;
  const current = Math.floor(now / minute);
  try {
    await makePrivateDirectory(folder);
    const age = now - (await timeOf(join(folder, markOf(current - 1))));
    if (age >= 0 && age < minute) return false;
    const file = await open(join(folder, markOf(current)), "wx", 0o600);
    await file.utimes(now / 1000, now / 1000).finally(() => closeHandle(file));
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "EEXIST");
  }
  await removeOthers(folder, `${digest}.`, markOf(current));
  return true;
}

/** @returns when the mark was made, in milliseconds since 1970; long ago when there is none. */
async function timeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return Number.NEGATIVE_INFINITY;
  }
}

/** Another process may remove them at the same time. */
async function removeOthers(folder: string, start: string, kept: string): Promise<void> {
  try {
    for (const file of await readdir(folder)) {
      if (!file.startsWith(start) || file === kept) continue;
      await unlink(join(folder, file)).catch(() => {});
    }
  } catch {
    // A mark that stays is an empty file.
  }
}
