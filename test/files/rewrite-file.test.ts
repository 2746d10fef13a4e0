// Changing a person's file in one step: what stays as it was, and what is left when it cannot be done.
import {
  chmod,
  chown,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  unlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dir, type DirectoryResult } from "tmp-promise";
import { removeFile, rewriteFile } from "../../src/files/rewrite-file.ts";

let folder: DirectoryResult;
let path: string;

beforeEach(async () => {
  folder = await dir({ unsafeCleanup: true });
  path = join(folder.path, "file");
  await writeFile(path, "old", { mode: 0o644 });
});
afterEach(() => folder.cleanup());

const toNew = (): string => "new";
const failing = (): Promise<string> => Promise.reject(new Error("no"));
const names = async (): Promise<readonly string[]> => (await readdir(folder.path)).toSorted();
const modeOf = async (name: string): Promise<number> =>
  (await stat(join(folder.path, name))).mode & 0o7777;

test.each([0o600, 0o644, 0o664, 0o400])("the mode %i stays, the backup's is 0600", async (mode) => {
  await chmod(path, mode);
  expect(await rewriteFile(path, toNew)).toBe(`${path}.before-migrate`);
  expect(await readFile(path, "utf8")).toBe("new");
  expect(await readFile(`${path}.before-migrate`, "utf8")).toBe("old");
  expect([await modeOf("file"), await modeOf("file.before-migrate")]).toEqual([mode, 0o600]);
  expect(await names()).toEqual(["file", "file.before-migrate"]);
});

test("every byte that is not changed stays, whatever the encoding", async () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x0d, 0x0a, 0xc3, 0xbc]);
  await writeFile(path, bytes);
  await rewriteFile(path, (text) => `${text}x`);
  expect(await readFile(path)).toEqual(Buffer.concat([bytes, Buffer.from("x")]));
  expect(await readFile(`${path}.before-migrate`)).toEqual(bytes);
});

test("what does not change is not written, and has no backup", async () => {
  const before = await stat(path);
  expect(await rewriteFile(path, (text) => text)).toBeUndefined();
  expect((await stat(path)).ino).toBe(before.ino);
  expect(await names()).toEqual(["file"]);
});

test("an older backup is not overwritten", async () => {
  await rewriteFile(path, () => "newer");
  expect(await rewriteFile(path, toNew)).toBe(`${path}.before-migrate-2`);
  expect(await readFile(`${path}.before-migrate`, "utf8")).toBe("old");
  expect(await readFile(`${path}.before-migrate-2`, "utf8")).toBe("newer");
});

test("a link stays a link, and the backup lies beside it, not beside its target", async () => {
  await mkdir(join(folder.path, "dotfiles"));
  const target = join(folder.path, "dotfiles", "netrc");
  const link = join(folder.path, "link");
  await writeFile(target, "old", { mode: 0o640 });
  await symlink("dotfiles/netrc", link);
  expect(await rewriteFile(link, toNew)).toBe(`${link}.before-migrate`);
  expect(await readlink(link)).toBe("dotfiles/netrc");
  expect((await lstat(target)).isFile()).toBe(true);
  expect(await readFile(target, "utf8")).toBe("new");
  expect((await stat(target)).mode & 0o777).toBe(0o640);
  expect(await readdir(join(folder.path, "dotfiles"))).toEqual(["netrc"]);
});

test("the owner and the group stay", async () => {
  // Only root can show it; anybody else is in few groups.
  const uid = process.getuid?.() ?? 0;
  const gid = uid === 0 ? 4321 : (process.getgid?.() ?? 0);
  await chown(path, uid, gid);
  await chmod(path, 0o4750);
  await rewriteFile(path, toNew);
  const { uid: owner, gid: group, mode } = await stat(path);
  expect([owner, group, mode & 0o7777]).toEqual([uid, gid, 0o4750]);
});

test.runIf(process.getuid?.() === 0)("root does not change what is another user's", async () => {
  await chown(path, 1234, 4321);
  for (const change of [() => rewriteFile(path, toNew), () => removeFile(path)])
    await expect(change()).rejects.toMatchObject({
      code: "system",
      message: `${path} belongs to another user (uid 1234)`,
    });
  await chown(path, 0, 0);
  await chown(folder.path, 1234, 4321);
  for (const change of [() => rewriteFile(path, toNew), () => removeFile(path)])
    await expect(change()).rejects.toMatchObject({
      message: `${folder.path} belongs to another user (uid 1234)`,
    });
  expect(await readFile(path, "utf8")).toBe("old");
  expect(await names()).toEqual(["file"]);
});

describe("leaves all as it was", () => {
  test("when git, or another program, holds the lock", async () => {
    await writeFile(`${path}.lock`, "git's");
    await expect(rewriteFile(path, toNew)).rejects.toMatchObject({
      code: "system",
      message: `another program is changing ${path}; if no git runs, its lock was left behind`,
      hint: `rm ${path}.lock`,
    });
    expect(await readFile(`${path}.lock`, "utf8")).toBe("git's");
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await names()).toEqual(["file", "file.lock"]);
  });

  test("when the change cannot be made", async () => {
    await expect(rewriteFile(path, failing)).rejects.toThrow("no");
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await names()).toEqual(["file"]);
  });

  test("when there is no place for the backup", async () => {
    const nowhere = join(folder.path, "missing", "file");
    await expect(rewriteFile(path, toNew, nowhere)).rejects.toMatchObject({ code: "system" });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await names()).toEqual(["file"]);
  });

  test("when it is gone", async () => {
    await expect(rewriteFile(`${path}-gone`, toNew)).rejects.toMatchObject({
      code: "system",
      message: `cannot read ${path}-gone (ENOENT)`,
    });
  });
});

test("a lock that is given back in time is waited for", async () => {
  await writeFile(`${path}.lock`, "");
  const rewriting = rewriteFile(path, toNew);
  await unlink(`${path}.lock`);
  expect(await rewriting).toBe(`${path}.before-migrate`);
  expect(await readFile(path, "utf8")).toBe("new");
});

test("a file that goes leaves its backup", async () => {
  expect(await removeFile(path)).toBe(`${path}.before-migrate`);
  expect(await names()).toEqual(["file.before-migrate"]);
  expect([
    await readFile(`${path}.before-migrate`, "utf8"),
    await modeOf("file.before-migrate"),
  ]).toEqual(["old", 0o600]);
});
