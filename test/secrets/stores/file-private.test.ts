// Nobody else reads the file store, and nobody leads it elsewhere.
import {
  chmod,
  chown,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import { openFileStore } from "../../../src/secrets/stores/file.ts";
import { key, refusal, token, useFileHome } from "./file-home.ts";

const home = useFileHome();
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("files", () => {
  it("are nobody else's", async () => {
    await home().store.set(key, new Secret(token));
    expect(await modeOf(home().data)).toBe("700");
    expect(await modeOf(home().secrets)).toBe("700");
    expect(await modeOf(home().identity)).toBe("600");
    expect(await modeOf(home().secretFile)).toBe("600");
    expect((await readdir(home().data)).toSorted()).toEqual(["identity.txt", "secrets"]);
    expect(await readdir(home().secrets)).toEqual(["work%2f0123456789ab.age"]);
    expect(await readFile(home().secretFile, "latin1")).not.toContain(token);
  });

  it("that are not ours are not listed", async () => {
    await home().store.set(key, new Secret(token));
    for (const name of ["notes.txt", "UPPER.age", "a%2Fb.age", "%zz.age", ".work.age"]) {
      await writeFile(join(home().secrets, name), "");
    }
    expect(await home().store.list()).toEqual([key]);
  });

  it.each([
    ["an identity", () => home().identity, "600"],
    ["a secret", () => home().secretFile, "600"],
    ["the data folder", () => home().data, "700"],
    ["the folder of secrets", () => home().secrets, "700"],
  ])("refuse to be read when %s is open to others", async (_, path, mode) => {
    await home().store.set(key, new Secret(token));
    await chmod(path(), mode === "600" ? 0o640 : 0o750);
    expect(await refusal(home(), (store) => store.get(key))).toMatchObject({
      code: "store-unavailable",
      message: expect.stringContaining("is open to other users"),
      hint: `chmod ${mode} ${path()}`,
    });
    await home().sandbox.run("sh", ["-c", `chmod ${mode} "$1"`, "sh", path()]);
    expect((await home().store.get(key))?.reveal()).toBe(token);
  });

  it.each([
    ["an identity", () => home().identity],
    ["a secret", () => home().secretFile],
    ["the folder of secrets", () => home().secrets],
  ])("refuse to be read when %s is a symbolic link", async (_, path) => {
    await home().store.set(key, new Secret(token));
    await rename(path(), join(home().sandbox.work, "elsewhere"));
    await symlink(join(home().sandbox.work, "elsewhere"), path());
    expect(await refusal(home(), (store) => store.get(key))).toMatchObject({
      code: "store-unavailable",
      message: `${path()} is a symbolic link`,
    });
  });

  it("do not follow a symbolic link when they are written", async () => {
    await home().store.set(key, new Secret(token));
    await rm(home().secretFile);
    await writeFile(join(home().sandbox.work, "target"), "untouched");
    await symlink(join(home().sandbox.work, "target"), home().secretFile);
    expect(await refusal(home(), (store) => store.set(key, new Secret("new")))).toMatchObject({
      code: "store-unavailable",
      message: expect.stringContaining("is a symbolic link"),
    });
    expect(await readFile(join(home().sandbox.work, "target"), "utf8")).toBe("untouched");
  });

  it("refuse to be read when another user owns them", async () => {
    const { data, store } = home();
    await store.set(key, new Secret(token));
    // Only root can give a folder away; everybody else has root's at hand.
    const [folder, uid] = process.getuid?.() === 0 ? [data, 12_345] : ["/etc", 0];
    if (folder === data) await chown(data, 12_345, 12_345);
    await expect(openFileStore(folder).get(key)).rejects.toMatchObject({
      code: "store-unavailable",
      message: `${folder} belongs to another user (uid ${uid})`,
    });
  });
});

it("refuses a key that makes no file name, and keeps one that just does", async () => {
  await home().store.set("a".repeat(200), new Secret(token));
  expect((await home().store.get("a".repeat(200)))?.reveal()).toBe(token);
  expect(
    await refusal(home(), (store) => store.set("a".repeat(201), new Secret(token))),
  ).toMatchObject({
    code: "usage",
  });
});
