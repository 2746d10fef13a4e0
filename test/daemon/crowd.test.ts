// Many at once: one goes to the store, the others wait for what it brings. And a long run with the daemon killed again
// and again: no answer is lost, none is wrong.
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { waitFor } from "../support/wait.ts";
import { answerFor, type DaemonHome, openDaemonHome, requestFor, token } from "./home.ts";

let home: DaemonHome;

beforeEach(async () => {
  home = await openDaemonHome();
});
afterEach(() => home.close());

const crowd = <T>(count: number, one: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => one(index)));

test("200 gets at once, with nothing in memory: all are answered, right, by one helper", async () => {
  await home.seed("acme", token("a"));
  await home.helper(["daemon", "start"]);
  const got = await crowd(200, (index) => home.get(requestFor(`acme/repository-${index}.git`)));
  for (const each of got)
    expect(each).toEqual({ stdout: answerFor(token("a")), stderr: "", exitCode: 0 });
  expect(await home.helperStarts()).toBe(1);
  expect(await home.status()).toMatchObject({ hits: 199, misses: 1, waiting: 0 });
});

test("100 gets from memory start no Node and reach for no network, neither the front nor the daemon", async () => {
  await home.seed("acme", token("a"));
  await home.get();
  const pid = await home.untilWarm();
  const log = join(home.work, "trace");
  const trace = (file: string) => ["-f", "-e", "trace=execve,connect", "-o", `${log}-${file}`];
  const tracer = home.start("strace", [...trace("daemon"), "-p", String(pid)]);
  await waitFor(async () =>
    (await readFile(`/proc/${pid}/status`, "utf8")).includes(`TracerPid:\t${tracer.pid}\n`),
  );
  const loop = `for time in $(seq 100); do printf 'protocol=https\\nhost=bitbucket.org\\npath=acme/api\\n' | "$FRONT" get; done`;
  const { stdout } = await home.run("strace", [...trace("front"), "sh", "-c", loop], {
    env: { FRONT: home.front },
  });
  tracer.kill("SIGINT");
  await new Promise((resolve) => tracer.once("close", resolve));
  expect(stdout).toBe(answerFor(token("a")).repeat(100));
  const calls =
    (await readFile(`${log}-front`, "utf8")) + (await readFile(`${log}-daemon`, "utf8"));
  expect(calls.match(/execve\("[^"]*\/git"/gu)?.length).toBeGreaterThanOrEqual(100);
  expect(calls).not.toMatch(/execve\("[^"]*node"/u);
  expect(calls).not.toContain("AF_INET");
  expect(await home.helperStarts()).toBe(1);
});

test("different accounts do not wait for each other's helper, and nobody gets another's", async () => {
  const workspaces = ["one", "two", "three", "four"];
  for (const [index, workspace] of workspaces.entries()) {
    await home.seed(workspace, token("abcd"[index] ?? ""));
  }
  await home.helper(["daemon", "start"]);
  await crowd(60, async (index) => {
    const which = index % workspaces.length;
    const { stdout } = await home.get(requestFor(`${workspaces[which]}/r${index}`));
    expect(stdout).toBe(answerFor(token("abcd"[which] ?? "")));
  });
  expect(await home.helperStarts()).toBe(workspaces.length);
});

test("when the helper that goes first is killed, another goes in its place", async () => {
  await home.seed("acme", token("a"));
  await home.helper(["daemon", "start"]);
  // The first helper of all hangs, and is killed once the others wait for it.
  const marker = join(home.work, "first");
  const hanging = `if (process.argv[2] === "get") {
    const fs = require("node:fs");
    try { fs.writeFileSync(${JSON.stringify(marker)}, String(process.pid), { flag: "wx" }); } catch { go(); }
    function go() { require("./real-main.js"); }
    if (fs.readFileSync(${JSON.stringify(marker)}, "utf8") === String(process.pid)) setInterval(() => {}, 1000);
  } else require("./real-main.js");`;
  await home.helper(["daemon", "stop"]);
  await rename(home.script, join(home.script, "../real-main.js"));
  await writeFile(home.script, hanging);
  await home.helper(["daemon", "start"]);
  const gets = crowd(20, () => home.get());
  await waitFor(async () => (await readdir(home.work)).includes("first"));
  await waitFor(async () => ((await home.status())?.waiting ?? 0) === 1);
  process.kill(Number(await readFile(marker, "utf8")), "SIGKILL");
  const answered = (await gets).filter(({ stdout }) => stdout === answerFor(token("a")));
  expect(answered).toHaveLength(19);
});

/** Rounds of three gets and three stores for each client; SOAK_ROUNDS=210 makes it ten thousand. */
const rounds = Number(process.env["SOAK_ROUNDS"] ?? 20);

test("gets and stores from 8 clients, with the daemon killed all the time: none lost, none wrong", async () => {
  const workspaces = ["one", "two", "three"];
  for (const [index, workspace] of workspaces.entries()) {
    await home.seed(workspace, token("abc"[index] ?? ""));
  }
  const wrong = join(home.work, "wrong");
  await writeFile(wrong, "");
  // Each client is a shell of its own that asks and stores without a pause, as an editor and a build do.
  const client = `
    for time in $(seq ${rounds}); do
      for which in one:a two:b three:c; do
        request=$(printf 'protocol=https\\nhost=bitbucket.org\\npath=%s/r%s' "\${which%:*}" "$time")
        got=$(printf '%s\\n' "$request" | "$FRONT" get)
        case $got in
          "username=x-token-auth
password=ATCTT3xFfGF0\${which#*:}"*) printf '%s\\n%s\\n' "$request" "$got" | "$FRONT" store || echo store ;;
          *) echo "$which $got" ;;
        esac
      done
    done >>"$WRONG"`;
  const work = { isDone: false };
  const killer = (async () => {
    let killed = 0;
    while (!work.isDone) {
      const pid = (await home.status())?.pid;
      if (pid === undefined) continue;
      process.kill(pid, killed % 3 === 2 ? "SIGTERM" : "SIGKILL");
      killed += 1;
      await pause(1500);
    }
    return killed;
  })();
  const env = { FRONT: home.front, WRONG: wrong };
  const ends = await crowd(8, () => home.run("sh", ["-c", client], { env }));
  work.isDone = true;
  expect(await killer).toBeGreaterThan(1);
  for (const end of ends) expect(end).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  expect(await readFile(wrong, "utf8")).toBe("");
  expect(await home.get(requestFor("two/last"))).toMatchObject({ stdout: answerFor(token("b")) });
}, 600_000);
