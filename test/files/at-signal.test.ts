// Ctrl-C, a closed terminal and a session that ends, while a file of git's is changed: git finds no lock after it.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

/** Holds the lock of a file until it is ended. */
const changer = `
  import { changeFile } from "./src/files/change-file.ts";
  await changeFile(process.argv[2], async () => {
    console.log("changing");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    return "new";
  });
`;

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s leaves the file, and no lock",
  async (signal) => {
    const path = join(sandbox.home, ".gitconfig");
    await writeFile(path, "old");
    const script = await buildWorker(sandbox.work, "changer", changer);
    const child = sandbox.start(process.execPath, [script, path]);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    expect(await readdir(sandbox.home)).toEqual([".gitconfig", ".gitconfig.lock"]);
    child.kill(signal);
    await new Promise((resolve) => child.once("close", resolve));
    expect(child.signalCode).toBe(signal);
    expect(await readdir(sandbox.home)).toEqual([".gitconfig"]);
    expect(await readFile(path, "utf8")).toBe("old");
  },
);
