// Remembers what a person was told today, so that a hundred fetches do not say it a hundred times.
// One empty file for each thing and day: of several processes at once, one makes it, and that one tells.
import { createHash } from "node:crypto";
import { open, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { closeHandle } from "./close.ts";
import { makePrivateDirectory } from "./files.ts";

/**
 * @param folder for the files; made when missing.
 * @param name of what is told; any text.
 * @param now milliseconds since 1970; days are UTC's.
 * @returns whether this is the first call today. False as well where nothing can be remembered: rather silence than a
 * hundred times the same.
 */
export async function isFirstToday(folder: string, name: string, now: number): Promise<boolean> {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 16);
  const mark = `${digest}.${new Date(now).toISOString().slice(0, 10)}`;
  try {
    await makePrivateDirectory(folder);
    await closeHandle(await open(join(folder, mark), "wx", 0o600));
    for (const file of await readdir(folder)) {
      if (file.startsWith(`${digest}.`) && file !== mark) await unlink(join(folder, file));
    }
    return true;
  } catch {
    return false;
  }
}
