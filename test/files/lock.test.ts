import {
  mkdirSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "../../src/files/lock.ts";
import { ownerName } from "../../src/files/owner.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";

let sandbox: Sandbox;
let lock: string;
beforeEach(async () => {
  sandbox = await openSandbox();
  lock = join(sandbox.home, "folder/lock");
});
afterEach(() => sandbox.close());

/** Takes the lock, says so, and keeps it until its stdin ends. */
const holder = `
  import { withLock } from "./src/files/lock.ts";
  import { once } from "node:events";
  await withLock(process.argv[2], async () => {
    console.log("held by " + process.pid);
    process.stdin.resume();
    await once(process.stdin, "end");
  });
  console.log("released");
`;

/** Adds one to a number in a file, as often as it is told, and says each time that it has. */
const counter = `
  import { withLock } from "./src/files/lock.ts";
  import { writeFileAtomically } from "./src/files/files.ts";
  import { readFileSync, writeSync } from "node:fs";
  const [lock, path, times] = process.argv.slice(2);
  for (let time = 0; time < Number(times); time += 1) {
    await withLock(lock, async () => {
      const before = Number(readFileSync(path, "utf8"));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
      await writeFileAtomically(path, String(before + 1));
    }, 60_000);
    writeSync(1, ".");
  }
`;

async function firstLine(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
}

async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once("close", resolve));
}

async function startHolder(): Promise<ChildProcess> {
  const child = sandbox.start(process.execPath, [
    await buildWorker(sandbox.work, "holder", holder),
    lock,
  ]);
  expect(await firstLine(child)).toBe(`held by ${child.pid}`);
  return child;
}

function leaveEntry(name: string, ageSeconds: number): void {
  mkdirSync(lock, { recursive: true, mode: 0o700 });
  writeFileSync(join(lock, name), "");
  const then = Date.now() / 1000 - ageSeconds;
  utimesSync(join(lock, name), then, then);
}

const entries = () => readdirSync(join(sandbox.home, "folder"));

describe("withLock", () => {
  it("gives back what fn gives, and leaves nothing behind", async () => {
    expect(await withLock(lock, async () => entries())).toEqual(["lock"]);
    expect(entries()).toEqual([]);
  });

  it("is released when fn throws", async () => {
    await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withLock(lock, async () => "again", 0)).toBe("again");
  });

  it("keeps calls within one process apart", async () => {
    let inside = 0;
    const most = await Promise.all(
      Array.from({ length: 20 }, () =>
        withLock(lock, async () => {
          inside += 1;
          await new Promise((resolve) => setImmediate(resolve));
          return inside--;
        }),
      ),
    );
    expect(most).toEqual(Array.from({ length: 20 }, () => 1));
  });

  it("waits no longer than it is told for a living holder, and names it", async () => {
    const child = await startHolder();
    for (const signal of ["SIGCONT", "SIGSTOP"] as const) {
      child.kill(signal);
      await expect(withLock(lock, async () => "mine", 50)).rejects.toMatchObject({
        code: "busy",
        message: `process ${child.pid} has held the lock ${lock} for more than 0.05 s`,
        hint: `ps -fp ${child.pid}`,
      });
    }
    child.kill("SIGCONT");
    child.stdin?.end();
    await closed(child);
    expect(await withLock(lock, async () => "mine", 0)).toBe("mine");
    expect(entries()).toEqual([]);
  });

  it("says that others held it in turn, and accuses none of them", async () => {
    const [first, second] = [ownerName(), ownerName()];
    leaveEntry(first, 0);
    setTimeout(() => {
      leaveEntry(second, 0);
      unlinkSync(join(lock, first));
    }, 40);
    await expect(withLock(lock, async () => "mine", 10_000, 200)).rejects.toMatchObject({
      code: "busy",
      message: `others have held the lock ${lock}, one after the other, for more than 0.2 s`,
    });
    await expect(withLock(lock, async () => "mine", 10_000, 50)).rejects.toMatchObject({
      message: `process ${process.pid} has held the lock ${lock} for more than 0.05 s`,
    });
  });

  it("is free as soon as its holder is killed", async () => {
    const child = await startHolder();
    const waiting = withLock(lock, async () => "mine", 60_000);
    child.kill("SIGKILL");
    expect(await waiting).toBe("mine");
    expect(entries()).toEqual([]);
  });

  it("is free when its killed holder is still a zombie", async () => {
    const script = await buildWorker(sandbox.work, "holder", holder);
    // The shell becomes a program that never waits for its child.
    const keeper = sandbox.start("sh", [
      "-c",
      `exec 3<&0; "$0" "$1" "$2" <&3 & exec tail -f /dev/null`,
      process.execPath,
      script,
      lock,
    ]);
    const pid = Number((await firstLine(keeper)).replace("held by ", ""));
    process.kill(pid, "SIGKILL");
    expect(await withLock(lock, async () => "mine")).toBe("mine");
    expect(readFileSync(`/proc/${pid}/stat`, "latin1")).toContain(") Z ");
  });

  it("knows a pid that is used again by its start", async () => {
    leaveEntry(ownerName().replace(/^(\d+)-\d+/u, "$1-1"), 0);
    expect(await withLock(lock, async () => "mine", 0)).toBe("mine");
  });

  it.each([
    ["of another machine", ownerName().replace(/^(\d+-\d+)-\w+/u, "$1-0123abcdn4026531836")],
    ["with a name that is not ours", "somebody"],
    ["without a known start", ownerName().replace(/^(\d+)-\d+/u, "$1-0")],
  ])("leaves a holder %s a minute", async (_, name) => {
    leaveEntry(name, 50);
    await expect(withLock(lock, async () => "mine", 20)).rejects.toMatchObject({ code: "busy" });
    leaveEntry(name, 70);
    expect(await withLock(lock, async () => "mine", 0)).toBe("mine");
  });

  it("says so when something else has its name", async () => {
    mkdirSync(join(sandbox.home, "folder"));
    writeFileSync(lock, "");
    await expect(withLock(lock, async () => "mine")).rejects.toMatchObject({
      code: "system",
      message: `cannot use the lock ${lock} (ENOTDIR)`,
    });
    expect(entries()).toEqual(["lock"]);
  });

  it("loses no update of eight processes while they are killed and started again", async () => {
    const script = await buildWorker(sandbox.work, "counter", counter);
    const path = join(sandbox.work, "count");
    writeFileSync(path, "0");
    let said = 0;
    const start = (times: string) => {
      const child = sandbox.start(process.execPath, [script, lock, path, times]);
      child.stdout?.on("data", (chunk: Buffer) => (said += chunk.length));
      return child;
    };
    const kills = 12;
    const running = Array.from({ length: 7 }, () => start("20"));
    for (let kill = 0; kill < kills; kill += 1) {
      const victim = start("1000000");
      await firstLine(victim);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      victim.kill("SIGKILL");
      await closed(victim);
    }
    await Promise.all(running.map(closed));
    expect(running.map((child) => child.exitCode)).toEqual(running.map(() => 0));
    // One that is killed between its write and its word has counted but not said so.
    const counted = Number(readFileSync(path, "utf8"));
    expect(counted).toBeGreaterThanOrEqual(said);
    expect(counted).toBeLessThanOrEqual(said + kills);
    expect(said).toBeGreaterThanOrEqual(7 * 20 + kills);
    await withLock(lock, async () => {});
    expect(entries()).toEqual([]);
  });
});
