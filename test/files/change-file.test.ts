import {
  chmod,
  mkdir,
  open,
  readdir,
  readFile,
  stat,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { dir } from "tmp-promise";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { changeFile } from "../../src/files/change-file.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  const { path: made, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  folder = made;
  path = join(folder, "file");
});

const add = (text: string): string => `${text}new\n`;

test("leaves no backup, and the mode as it was", async () => {
  await writeFile(path, "old\n");
  await chmod(path, 0o640);
  expect(await changeFile(path, add)).toBe(true);
  expect(await readFile(path, "utf8")).toBe("old\nnew\n");
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readdir(folder)).toEqual(["file"]);
});

test("a file that is not there is made with its folders, and one that is given up goes", async () => {
  const below = join(folder, "a/b/file");
  expect(await changeFile(below, add, { mayBeMissing: true })).toBe(true);
  expect(await readFile(below, "utf8")).toBe("new\n");
  expect(await changeFile(below, () => undefined, { mayBeMissing: true })).toBe(true);
  expect(await readdir(join(folder, "a/b"))).toEqual([]);
});

test("the lock that another program takes as soon as ours is gone stays", async () => {
  const over = new AbortController();
  let taken = 0;
  const other = (async () => {
    while (!over.signal.aborted) {
      const file = await open(`${path}.lock`, "wx").catch(() => undefined);
      if (file === undefined) continue;
      await file.close();
      taken += 1;
      // Nobody but its owner takes it away.
      await unlink(`${path}.lock`);
    }
  })();
  await writeFile(path, "");
  for (let time = 0; time < 200; time += 1) await changeFile(path, (text) => `${text}x`);
  over.abort();
  await expect(other).resolves.toBeUndefined();
  expect(await readFile(path, "utf8")).toBe("x".repeat(200));
  expect(taken).toBeGreaterThan(0);
});

test("nothing to change is said, and nothing is made of it", async () => {
  expect(await changeFile(path, (text) => text, { mayBeMissing: true })).toBe(false);
  expect(await readdir(folder)).toEqual([]);
});

test("a link into nothing, a folder, and a file that must be there are refused", async () => {
  await expect(changeFile(path, add)).rejects.toMatchObject({ code: "system" });
  await symlink(join(folder, "nowhere"), path);
  await expect(changeFile(path, add, { mayBeMissing: true })).rejects.toMatchObject({
    code: "system",
  });
  await writeFile(join(folder, "text"), "");
  const below = changeFile(join(folder, "text/file"), add, { mayBeMissing: true });
  await expect(below).rejects.toMatchObject({ code: "system" });
  await mkdir(join(folder, "other"));
  await expect(changeFile(join(folder, "other"), add)).rejects.toMatchObject({ code: "system" });
});

test("what a program that knows no locks has written meanwhile stays, and what was kept is let go", async () => {
  await writeFile(path, "old\n");
  const events: string[] = [];
  const keep = async (before: string): Promise<() => Promise<void>> => {
    events.push(`keep ${before}`);
    await writeFile(path, "theirs\n");
    return async () => void events.push("undo");
  };
  await expect(changeFile(path, add, { keep })).rejects.toMatchObject({
    message: `another program has just changed ${path}`,
  });
  expect(events).toEqual(["keep old\n", "undo"]);
  expect(await readFile(path, "utf8")).toBe("theirs\n");
  expect(await readdir(folder)).toEqual(["file"]);
});
