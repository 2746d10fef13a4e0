// Whatever lies at a path, reading it ends at once.
import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { readRegularFile } from "../../src/files/regular-file.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
let path: string;
beforeEach(async () => {
  sandbox = await openSandbox();
  path = join(sandbox.work, "it's a file");
});
afterEach(() => sandbox.close());

const word = (): string => String.raw`'${sandbox.work}/it'\''s a file'`;

test("gives the bytes, to the last one that is allowed", async () => {
  await writeFile(path, Buffer.from([0, 255, 10]));
  expect(readRegularFile(path, 3)).toEqual(Buffer.from([0, 255, 10]));
  await writeFile(path, "");
  expect(readRegularFile(path, 0)).toEqual(Buffer.alloc(0));
});

test("nothing is there", async () => {
  expect(readRegularFile(path, 1)).toBeUndefined();
  await writeFile(path, "");
  expect(readRegularFile(join(path, "below"), 1)).toBeUndefined();
  await symlink("nowhere", join(sandbox.work, "link"));
  expect(readRegularFile(join(sandbox.work, "link"), 1)).toBeUndefined();
});

test("follows a link, unless it may not", async () => {
  await writeFile(join(sandbox.work, "target"), "here");
  await symlink("target", path);
  expect(readRegularFile(path, 9)?.toString()).toBe("here");
  expect(() => readRegularFile(path, 9, { links: "refuse" })).toThrow(
    `cannot read ${path} (ELOOP)`,
  );
});

test("a file of /proc, whose size is told as nothing, has its limit, too", () => {
  expect(readRegularFile("/proc/self/status", 1 << 20)?.toString()).toContain("Pid:");
  expect(() => readRegularFile("/proc/self/status", 100)).toThrow("(larger than 0 kB)");
});

test.each<[string, () => unknown, string]>([
  ["a FIFO", () => execFileSync("mkfifo", [path]), "not a regular file"],
  ["a folder", () => mkdir(path), "not a regular file"],
  ["a device without an end", () => symlink("/dev/zero", path), "not a regular file"],
  ["a terminal", () => symlink("/dev/tty", path), "not a regular file"],
  ["a pipe of this process", () => symlink("/proc/self/fd/0", path), "not a regular file"],
  ["a socket", () => listenAt(path), "not a regular file"],
  ["a link to a FIFO", () => linkToFifo(), "not a regular file"],
  ["a circle of links", () => symlink("it's a file", path), "ELOOP"],
  ["a file of a gigabyte that takes no room", () => makeSparse(), "larger than 1 MB"],
])("%s", async (_what, make, reason) => {
  await make();
  const error = caught(() => readRegularFile(path, 1 << 20));
  expect(error).toMatchObject({
    code: "system",
    message: `cannot read ${path} (${reason})`,
    hint: `ls -ld ${word()}`,
  });
});

function caught(fn: () => unknown): unknown {
  try {
    return fn();
  } catch (error) {
    return error;
  }
}

function linkToFifo(): Promise<void> {
  execFileSync("mkfifo", [join(sandbox.work, "fifo")]);
  return symlink("fifo", path);
}

async function makeSparse(): Promise<void> {
  await writeFile(path, "");
  truncateSync(path, 1 << 30);
}

function listenAt(socket: string): Promise<unknown> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return new Promise((resolve) => server.listen(socket, () => resolve(undefined)));
}
