// The lock and the daemon: neither its end nor its beginning changes the state, and what another process locks counts at
// once. That nothing leads past the lock: test/trust/lock.test.ts.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { waitFor } from "../support/wait.ts";
import { answerFor, type DaemonHome, openDaemonHome, token } from "./home.ts";

let home: DaemonHome;
let pid: number;

beforeEach(async () => {
  home = await openDaemonHome();
  await home.seed("acme");
  await home.get();
  pid = await home.untilWarm();
});
afterEach(() => home.close());

const daemon = (order: string, env = {}) => home.helper(["daemon", order], { env });
const lockFile = () => join(home.env["XDG_DATA_HOME"] ?? "", "git-credential-bitbucket", "locked");
const refused = {
  stdout: "",
  stderr:
    "git-credential-bitbucket: error: secrets are locked\n" +
    "git-credential-bitbucket: hint: git credential-bitbucket daemon unlock\n",
  exitCode: 1,
};

test("killing, stopping and starting the daemon end no lock", async () => {
  await daemon("lock");
  process.kill(pid, "SIGKILL");
  expect(await home.get()).toEqual(refused);
  await daemon("start");
  expect(await home.get()).toEqual(refused);
  expect(await home.status()).toMatchObject({ locked: true, entries: [] });
  await daemon("stop");
  expect(await home.get()).toEqual(refused);
  expect((await daemon("unlock")).stdout).toBe("unlocked\n");
  expect((await home.get()).stdout).toBe(answerFor(token("a")));
});

test("a lock that another process makes counts at the next question", async () => {
  await writeFile(lockFile(), "");
  expect(await home.get()).toEqual(refused);
  expect(await home.status()).toMatchObject({ locked: true, entries: [] });
});

test("a daemon that does not answer is ended with what it holds", async () => {
  process.kill(pid, "SIGSTOP");
  expect((await daemon("lock")).exitCode).toBe(0);
  expect(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).toBe("");
  expect(await home.get()).toEqual(refused);
});

test("a daemon of another session, beside the cache, is told as well", async () => {
  const without = { XDG_RUNTIME_DIR: undefined };
  const status = async () => {
    const { stdout } = await home.helper(["daemon", "status", "--json"], { env: without });
    return JSON.parse(stdout) as { readonly entries?: readonly unknown[] };
  };
  await home.get(undefined, { env: without });
  await waitFor(async () => (await status()).entries?.length === 1);
  expect((await daemon("lock")).exitCode).toBe(0);
  expect(await status()).toMatchObject({ locked: true, entries: [] });
  expect(await home.get(undefined, { env: without })).toEqual(refused);
});

test("a folder that is open to others keeps nobody from locking", async () => {
  await chmod(home.directory, 0o755);
  expect((await daemon("lock")).exitCode).toBe(0);
  expect(await home.get()).toEqual(refused);
});

test("a daemon of a version whose lock is in memory is told in its words", async () => {
  await daemon("stop");
  const asked: string[] = [];
  let isLocked = false;
  const former = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once("data", (bytes: Buffer) => {
      const code = /^timeout=(\d+)$/mu.exec(bytes.toString())?.[1] ?? "";
      asked.push(code);
      if (code === "14" || code === "15") isLocked = code === "14";
      const status = JSON.stringify({ pid: 1, version: "0.1.0", locked: isLocked, entries: [] });
      socket.end(`bitbucket=done\nstatus=${status}\nbitbucket=end\n`);
    });
  });
  await listen(former);
  expect((await daemon("lock")).exitCode).toBe(0);
  expect(isLocked).toBe(true);
  expect((await daemon("unlock")).stdout).toBe("unlocked\n");
  expect(isLocked).toBe(false);
  expect(asked).toEqual(["13", "14", "13", "15"]);
});

async function listen(server: Server): Promise<void> {
  await mkdir(dirname(home.socket), { recursive: true, mode: 0o700 });
  await new Promise<void>((resolve) => server.listen(home.socket, resolve));
  onTestFinished(() => void server.close());
}
