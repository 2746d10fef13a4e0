import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkPrivate, writeFileAtomically } from "../../src/files/files.ts";
import { ownerName } from "../../src/files/owner.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

const mode = (path: string) => statSync(path).mode & 0o777;
const beforeReboot = (random: string) =>
  `.file.${ownerName().replace(/^(\d+-\d+)-\w+-.*/u, `$1-0123abcdn4026531836-${random}`)}`;
const deadOwner = () => ownerName().replace(/^\d+-\d+/u, "4194305-1");

describe("writeFileAtomically", () => {
  it("writes bytes and text, 0600, in folders it makes 0700, whatever the umask", async () => {
    const path = join(sandbox.home, "a/b/file");
    const umask = process.umask(0);
    try {
      await writeFileAtomically(path, new Uint8Array([0, 255, 10]));
    } finally {
      process.umask(umask);
    }
    expect([...readFileSync(path)]).toEqual([0, 255, 10]);
    expect([mode(path), mode(join(sandbox.home, "a")), mode(join(sandbox.home, "a/b"))]).toEqual([
      0o600, 0o700, 0o700,
    ]);
    await writeFileAtomically(path, "ä");
    expect(readFileSync(path, "utf8")).toBe("ä");
    expect(await readdir(join(sandbox.home, "a/b"))).toEqual(["file"]);
  });

  it("takes back a mode that was too loose, and leaves the mode of a folder it did not make", async () => {
    const folder = join(sandbox.work, "folder");
    await mkdir(folder);
    chmodSync(folder, 0o755);
    await writeFile(join(folder, "file"), "old", { mode: 0o644 });
    await writeFileAtomically(join(folder, "file"), "new");
    expect([mode(join(folder, "file")), mode(folder)]).toEqual([0o600, 0o755]);
  });

  it("replaces the file and not its content: who has the old one open keeps it", async () => {
    const path = join(sandbox.work, "file");
    await writeFileAtomically(path, "old");
    const before = statSync(path).ino;
    await writeFileAtomically(path, "new");
    expect(statSync(path).ino).not.toBe(before);
  });

  it("refuses a symbolic link, also one that leads nowhere", async () => {
    const target = join(sandbox.work, "target");
    await writeFile(target, "theirs");
    symlinkSync(target, join(sandbox.work, "link"));
    symlinkSync(join(sandbox.work, "nowhere"), join(sandbox.work, "broken"));
    for (const name of ["link", "broken"]) {
      await expect(writeFileAtomically(join(sandbox.work, name), "ours")).rejects.toMatchObject({
        code: "system",
        message: `${join(sandbox.work, name)} is a symbolic link, so it is not written`,
      });
    }
    expect(readFileSync(target, "utf8")).toBe("theirs");
    expect((await readdir(sandbox.work)).toSorted()).toEqual(["broken", "link", "target"]);
  });

  it("refuses a folder in the way, and a file where its folder should be", async () => {
    await mkdir(join(sandbox.work, "folder"));
    await writeFile(join(sandbox.work, "file"), "");
    for (const name of ["folder", "file/below"]) {
      await expect(writeFileAtomically(join(sandbox.work, name), "")).rejects.toMatchObject({
        code: "system",
      });
    }
  });

  it("removes what killed writers left, also before a reboot, and nothing else", async () => {
    const kept = [`.file.${ownerName()}`, beforeReboot("0123456789ab"), ".file.swp", "file.bak"];
    const old = beforeReboot("ba9876543210");
    for (const name of [...kept, old, `.file.${deadOwner()}`, `.other.${deadOwner()}`]) {
      await writeFile(join(sandbox.work, name), "");
    }
    await utimes(join(sandbox.work, old), 1, 1);
    await writeFileAtomically(join(sandbox.work, "file"), "");
    expect((await readdir(sandbox.work)).toSorted()).toEqual([...kept, "file"].toSorted());
  });

  it("leaves the old file whole and nothing beside it when the disk is full", async () => {
    const script = await buildWorker(
      sandbox.work,
      "full",
      `import { writeFileAtomically } from "./src/files/files.ts";
       import { readFileSync, readdirSync } from "node:fs";
       const path = process.argv[2] + "/file";
       await writeFileAtomically(path, "a".repeat(40_000));
       const error = await writeFileAtomically(path, "b".repeat(100_000)).catch((error) => error);
       const left = readFileSync(path, "utf8");
       console.log(JSON.stringify({
         code: error.code, message: error.message, whole: left === "a".repeat(40_000),
         files: readdirSync(process.argv[2]),
       }));`,
    );
    const disk = join(sandbox.work, "disk");
    await mkdir(disk);
    const { run, reason } = await fullDisk();
    const { stdout, stderr, exitCode } = await run([disk, process.execPath, script]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(JSON.parse(stdout)).toEqual({
      code: "system",
      message: `cannot write ${disk}/file (${reason})`,
      whole: true,
      files: ["file"],
    });
  });

  it("is whole after any number of kills in the middle", async () => {
    const path = join(sandbox.work, "file");
    const script = await buildWorker(
      sandbox.work,
      "writer",
      `import { writeFileAtomically } from "./src/files/files.ts";
       console.log("ready");
       for (let at = 0; ; at = (at + 1) % 26) {
         await writeFileAtomically(process.argv[2], String.fromCharCode(97 + at).repeat(300_000));
       }`,
    );
    await writeFileAtomically(path, "a".repeat(300_000));
    for (let round = 0; round < 25; round += 1) {
      const child = sandbox.start(process.execPath, [script, path]);
      await new Promise((resolve) => child.stdout?.once("data", resolve));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      const closed = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGKILL");
      await closed;
      expect(readFileSync(path, "utf8")).toMatch(/^([a-z])\1{299999}$/u);
    }
    await writeFileAtomically(path, "last");
    expect((await readdir(sandbox.work)).toSorted()).toEqual(["file", "writer.mjs"]);
  });
});

/** A disk of 64 kB, mounted for one process; where a container forbids mounts, a limit of as much for every file. */
async function fullDisk() {
  const isRoot = process.getuid?.() === 0;
  const namespace = [...(isRoot ? [] : ["--map-root-user"]), "--mount", "sh", "-c"];
  const mount = `mount -t tmpfs -o size=64k tmpfs "$0"`;
  const tried = await sandbox.run("unshare", [...namespace, mount, sandbox.home]);
  return tried.exitCode === 0
    ? {
        run: (args: readonly string[]) =>
          sandbox.run("unshare", [...namespace, `${mount} && exec "$1" "$2" "$0"`, ...args]),
        reason: "the disk is full",
      }
    : {
        run: (args: readonly string[]) =>
          sandbox.run("sh", ["-c", `trap "" XFSZ; ulimit -f 128; exec "$1" "$2" "$0"`, ...args]),
        reason: "EFBIG",
      };
}

describe("checkPrivate", () => {
  it("says whether there is something", async () => {
    const path = join(sandbox.work, "file");
    expect(await checkPrivate(path)).toBe(false);
    await writeFile(path, "", { mode: 0o600 });
    expect(await checkPrivate(path)).toBe(true);
    expect(await checkPrivate(sandbox.home)).toBe(true);
  });

  it.each([0o604, 0o640, 0o610, 0o602])("refuses a file with mode %o", async (loose) => {
    const path = join(sandbox.work, "it's");
    await writeFile(path, "");
    chmodSync(path, loose);
    const error = await checkPrivate(path).catch((error: unknown) => error);
    expect(error).toMatchObject({
      code: "system",
      message: `${path} is open to other users (mode 0${loose.toString(8)})`,
    });
    execFileSync("sh", ["-c", (error as { hint: string }).hint]);
    expect(await checkPrivate(path)).toBe(true);
  });

  it("refuses another user's file and a symbolic link", async () => {
    const theirs = join(sandbox.work, "theirs");
    const isRoot = process.getuid?.() === 0;
    await writeFile(theirs, "", { mode: 0o600 });
    if (isRoot) chownSync(theirs, 65534, 65534);
    // Whoever is not root finds root's files everywhere.
    await expect(checkPrivate(isRoot ? theirs : "/etc/passwd")).rejects.toMatchObject({
      code: "system",
      message: expect.stringContaining("belongs to another user"),
    });
    symlinkSync("/etc/passwd", join(sandbox.work, "link"));
    await expect(checkPrivate(join(sandbox.work, "link"))).rejects.toMatchObject({
      message: expect.stringContaining("symbolic link"),
    });
    expect(existsSync("/etc/passwd")).toBe(true);
  });
});
