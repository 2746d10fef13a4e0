// `stop` and `lock` against daemons that are only just starting, with real processes: when they have said their word, no
// process is left that comes up later with a secret.
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ownerName } from "../../src/files/owner.ts";
import { waitFor } from "../support/wait.ts";
import { answerFor, type DaemonHome, openDaemonHome, token } from "./home.ts";

let home: DaemonHome;

beforeEach(async () => {
  home = await openDaemonHome();
  await home.seed("acme");
});
afterEach(() => home.close());

const answer = { stdout: answerFor(token("a")), stderr: "", exitCode: 0 };
const left = { stdout: "the daemon has left, and its secrets with it\n", stderr: "", exitCode: 0 };
const none = { stdout: "no daemon runs\n", stderr: "", exitCode: 0 };
const daemon = (...args: string[]) => home.helper(["daemon", ...args]);

/** Pids of all that is a daemon of this home or about to be one, from the shell that starts it on. */
async function daemons(): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (command.includes(`${home.script}\0daemon\0background`)) found.push(Number(name));
  }
  return found;
}

/** A daemon takes a while until it is up, as on a slow disk. */
async function makeStartsSlow(milliseconds: number): Promise<void> {
  await rename(home.script, join(home.script, "../real-main.js"));
  const slow = `const go = () => require("./real-main.js");
    if (process.argv[3] === "background") setTimeout(go, ${milliseconds}); else go();`;
  await writeFile(home.script, slow);
}

test("stop at once after the first get ends the daemon that this started, thirty times", async () => {
  for (let time = 0; time < 30; time += 1) {
    expect(await home.get()).toEqual(answer);
    expect(await daemon("stop")).toEqual(left);
    expect(await daemons()).toEqual([]);
    expect(await readdir(home.directory)).not.toContain("starting");
  }
  expect(await daemon("stop")).toEqual(none);
}, 240_000);

test("stop waits for a start that takes its time", async () => {
  await makeStartsSlow(1500);
  expect(await home.get()).toEqual(answer);
  expect(await daemons()).toHaveLength(1);
  expect(await daemon("stop")).toEqual(left);
  expect(await daemons()).toEqual([]);
});

test("stop ends a start that never comes to its end", async () => {
  await makeStartsSlow(3_600_000);
  expect(await home.get()).toEqual(answer);
  expect(await daemons()).toHaveLength(1);
  expect((await daemon("stop")).exitCode).toBe(0);
  await waitFor(async () => (await daemons()).length === 0);
});

test("lock at once after the first get: no daemon holds the secret, and none comes up with it", async () => {
  for (let time = 0; time < 10; time += 1) {
    expect(await home.get()).toEqual(answer);
    expect((await daemon("lock")).exitCode).toBe(0);
    expect((await home.status())?.entries ?? []).toEqual([]);
    expect((await home.get()).stdout).toBe("");
    expect((await daemon("unlock")).stdout).toBe("unlocked\n");
    expect((await daemon("stop")).exitCode).toBe(0);
  }
}, 240_000);

test("lock waits for a start that takes its time, and unlock at once behind it works", async () => {
  await makeStartsSlow(1500);
  expect(await home.get()).toEqual(answer);
  expect((await daemon("lock")).exitCode).toBe(0);
  expect(await home.status()).toMatchObject({ locked: true, entries: [] });
  expect((await daemon("unlock")).exitCode).toBe(0);
  expect(await home.status()).toMatchObject({ locked: false, entries: [] });
  expect(await home.get()).toEqual(answer);
});

test("two stops at once, and a start beside a stop", async () => {
  expect(await home.get()).toEqual(answer);
  for (const stopped of await Promise.all([daemon("stop"), daemon("stop"), daemon("stop")])) {
    expect(stopped).toMatchObject({ stderr: "", exitCode: 0 });
  }
  expect(await daemons()).toEqual([]);
  for (let time = 0; time < 5; time += 1) {
    await Promise.all([daemon("start"), daemon("stop"), home.get()]);
    expect((await daemon("stop")).exitCode).toBe(0);
    expect(await daemons()).toEqual([]);
  }
}, 120_000);

test("the mark of a process that was killed holds up nobody", async () => {
  const killed = spawn("sleep", ["1000"]);
  const mark = ownerName(killed.pid ?? 0);
  killed.kill("SIGKILL");
  await new Promise((resolve) => killed.once("close", resolve));
  await mkdir(home.directory, { recursive: true, mode: 0o700 });
  await writeFile(join(home.directory, "starting"), mark);
  expect(await daemon("stop")).toEqual(none);
  expect(await home.get()).toEqual(answer);
  expect(await home.untilWarm()).toBeGreaterThan(0);
  expect(await readdir(home.directory)).not.toContain("starting");
});

test("a mark that is no file holds up nobody", async () => {
  await mkdir(join(home.directory, "starting"), { recursive: true, mode: 0o700 });
  expect(await daemon("stop")).toEqual(none);
  expect((await daemon("start")).exitCode).toBe(0);
  expect(await daemon("stop")).toEqual(left);
});
