// What is told at most once a minute, however many processes have it to tell.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withDir } from "tmp-promise";
import { expect, test } from "vitest";
import { isFirstThisMinute } from "../../src/files/once-a-minute.ts";

const start = Date.parse("2026-11-22T10:00:30.000Z");

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  await withDir(async ({ path }) => await body(join(path, "state/reminders")), {
    unsafeCleanup: true,
  });
}

test("a minute is sixty seconds, and not what the clock's hand makes of it", async () => {
  await inFolder(async (folder) => {
    const told: number[] = [];
    for (let second = 0; second < 400; second += 1)
      if (await isFirstThisMinute(folder, "work", start + second * 1000)) told.push(second);
    expect(told).toHaveLength(new Set(told.map((second) => Math.floor(second / 60))).size);
    for (const [at, second] of told.slice(1).entries())
      expect(second - (told[at] ?? 0)).toBeGreaterThanOrEqual(60);
    expect(told.length).toBeGreaterThanOrEqual(4);
  });
});

test("of many at once one tells, and one mark is left", async () => {
  await inFolder(async (folder) => {
    const asked = Array.from({ length: 30 }, () => isFirstThisMinute(folder, "work", start));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
    await isFirstThisMinute(folder, "work", start + 120_000);
    expect(await readdir(folder)).toHaveLength(1);
  });
});

test("another thing is another matter", async () => {
  await inFolder(async (folder) => {
    expect(await isFirstThisMinute(folder, "work", start)).toBe(true);
    expect(await isFirstThisMinute(folder, "home", start)).toBe(true);
  });
});

test("where nothing can be remembered it is told", async () => {
  await withDir(
    async ({ path }) => {
      await writeFile(join(path, "file"), "");
      const tell = () => isFirstThisMinute(join(path, "file/reminders"), "work", start);
      expect([await tell(), await tell()]).toEqual([true, true]);
    },
    { unsafeCleanup: true },
  );
});
