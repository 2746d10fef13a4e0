// The pass store where pass does not simply answer, over real pass, gpg, agent, pinentry and git. docs/design.md, "Stores".
import { appendFile, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import { openPassStore, probePass } from "../../../src/secrets/stores/pass.ts";
import type { Store } from "../../../src/secrets/stores/store.ts";
import { commandsOf } from "../../support/leftovers.ts";
import { openPasswordStore, type PasswordStore } from "../../support/password-store.ts";
import { openPty } from "../../support/pty.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";
import { buildWorker } from "../../support/worker.ts";

const key = "work/0123456789ab";
const entry = `git-credential-bitbucket/${key}`;
const token = `ATATT3xFfGF0${"a".repeat(180)}`;
const label = { username: "alice", url: "https://bitbucket.org/acme/api" };

let sandbox: Sandbox;
let passwords: PasswordStore;
let store: Store;

beforeEach(async () => {
  sandbox = await openSandbox();
  passwords = await openPasswordStore(sandbox, "protected");
  store = openAgain();
  await passwords.unlock();
});

afterEach(async () => {
  await passwords.close();
  await sandbox.close();
});

function openAgain(env: Readonly<Record<string, string>> = {}): Store {
  return openPassStore({ env: { ...sandbox.env, ...env }, data: join(sandbox.home, "data") });
}

async function reveal(name = key): Promise<string | undefined> {
  return (await store.get(name))?.reveal();
}

it("writes what people and plug-ins of pass read, with the refresh token below", async () => {
  await store.set(key, new Secret(token), label);
  const lines = `${token}\nusername: alice\nurl: https://bitbucket.org/acme/api\n`;
  expect(await passwords.pass("show", entry)).toBe(lines);
  await store.set(`${key}/refresh`, new Secret("r1"));
  await store.set(`${key}/refresh`, new Secret("r2"));
  expect(await passwords.pass("show", entry)).toBe(`${lines}refresh: r2\n`);
  expect(await reveal(`${key}/refresh`)).toBe("r2");
  expect(await store.list()).toEqual([key]);
  expect(await store.delete(`${key}/refresh`)).toBe(true);
  expect(await store.delete(`${key}/refresh`)).toBe(false);
  expect(await reveal()).toBe(token);
});

it("keeps the lines that a person adds", async () => {
  await store.set(key, new Secret("old"), label);
  const notes = "old\nnote: made for the build\nusername: alice\n";
  await sandbox.run("pass", ["insert", "-m", "-f", entry], { input: notes });
  await store.set(key, new Secret(token), { ...label, username: "bob" });
  const lines = [token, "username: bob", `url: ${label.url}`, "note: made for the build", ""];
  expect((await passwords.pass("show", entry)).split("\n")).toEqual(lines);
});

it("is locked, not missing, and launches no pinentry where nobody is", async () => {
  await store.set(key, new Secret(token));
  const traces = join(sandbox.work, "launched");
  const pinentry = join(sandbox.work, "pinentry");
  await writeFile(pinentry, `#!/bin/sh\n>${traces}\n`, { mode: 0o755 });
  await appendFile(join(sandbox.home, ".gnupg/gpg-agent.conf"), `pinentry-program ${pinentry}\n`);
  await passwords.lock();
  const atDesk = openAgain({ DISPLAY: ":99", GPG_TTY: "/dev/pts/0" });
  const refusal = {
    code: "store-locked",
    message: "pass is locked: gpg has not got its key's passphrase",
    hint: `pass show ${entry} >/dev/null`,
  };
  await expect(atDesk.get(key)).rejects.toMatchObject(refusal);
  await expect(atDesk.set(key, new Secret("new"))).rejects.toMatchObject(refusal);
  // What is not there, and what a new secret needs, is no secret.
  expect(await atDesk.get("work/other")).toBeUndefined();
  await atDesk.set("work/new", new Secret("new"));
  expect((await atDesk.list()).toSorted()).toEqual([key, "work/new"]);
  expect(await atDesk.delete("work/new")).toBe(true);
  expect(await readdir(sandbox.work)).not.toContain("launched");
  await passwords.unlock();
  expect(await reveal()).toBe(token);
});

it("has the passphrase asked on the person's terminal, and is opened by it", async () => {
  await store.set(key, new Secret(token));
  await passwords.lock();
  const reader = await buildWorker(
    sandbox.work,
    "reader",
    `import { openStore } from "./src/secrets/stores/open.ts";
     const { env, platform } = process;
     const askPassphrase = () => Promise.reject(new Error("not for this store"));
     const store = await openStore("pass", { data: env.HOME + "/data", env, platform, askPassphrase });
     console.log((await store.get("${key}"))?.length);`,
  );
  const person = await openPty({
    command: [process.execPath, reader],
    env: sandbox.env,
    stdout: "file",
  });
  await person.sees("Passphrase");
  person.types(`${passwords.passphrase}\r`);
  expect(await person.ended()).toMatchObject({ code: 0, stdout: `${token.length}\n` });
});

it("never takes the list of a folder for a secret", async () => {
  await store.set("work/one", new Secret(token));
  await store.set("work/two", new Secret(token));
  expect(await store.get("work")).toBeUndefined();
  expect(await store.delete("work")).toBe(false);
  expect((await store.list()).toSorted()).toEqual(["work/one", "work/two"]);
});

it("says that an entry is damaged, also where gpg does not", async () => {
  await store.set(key, new Secret(token));
  const file = join(passwords.root, `${entry}.gpg`);
  const { length } = await readFile(file);
  for (const bytes of [0, 40, length - 20]) {
    await truncate(file, bytes);
    await expect(store.get(key)).rejects.toMatchObject({ code: "store-unavailable" });
  }
  expect(await store.delete(key)).toBe(true);
});

it("cannot answer where there is no password store, no pass, or no key to write with", async () => {
  await store.set(key, new Secret(token));
  const nowhere = openAgain({ PASSWORD_STORE_DIR: join(sandbox.work, "none") });
  const noStore = {
    code: "store-unavailable",
    message: `there is no password store in ${join(sandbox.work, "none")}`,
    hint: "pass init GPG-ID",
  };
  const steps = [() => nowhere.get(key), () => nowhere.list(), () => nowhere.delete(key)];
  for (const step of steps) await expect(step()).rejects.toMatchObject(noStore);

  const noPass = { code: "store-unavailable", hint: "sudo apt install pass" };
  await expect(openAgain({ PATH: sandbox.work }).get(key)).rejects.toMatchObject(noPass);
  await expect(probePass({ env: { ...sandbox.env, PATH: sandbox.work } })).rejects.toMatchObject(
    noPass,
  );
  await expect(probePass({ env: sandbox.env })).resolves.toBeUndefined();

  await writeFile(join(passwords.root, ".gpg-id"), "nobody@example.com\n");
  await expect(store.set("work/new", new Secret(token))).rejects.toMatchObject({
    message: "gpg has no usable key to write into pass with",
  });
});

it("does not wait for an agent that hangs, and leaves nothing running", async () => {
  await store.set(key, new Secret(token));
  await passwords.lock();
  const running = [...(await commandsOf(sandbox.home))];
  const agent = running.find(([, command]) => command.includes("gpg-agent"))?.[0] ?? 0;
  process.kill(agent, "SIGSTOP");
  try {
    await expect(store.get(key)).rejects.toMatchObject({
      code: "store-unavailable",
      message: "pass did not answer within 10 s",
      hint: "gpgconf --kill gpg-agent",
    });
    expect([...(await commandsOf(sandbox.home)).keys()]).toEqual([agent]);
  } finally {
    process.kill(agent, "SIGCONT");
  }
});

it("has the old or the new secret after any number of kills in the middle, and cleans up", async () => {
  await store.set(key, new Secret("a".repeat(10_000)));
  const writer = await buildWorker(
    sandbox.work,
    "writer",
    `import { Secret } from "./src/secret.ts";
     import { openPassStore } from "./src/secrets/stores/pass.ts";
     const store = openPassStore({ env: process.env, data: process.env.HOME + "/data" });
     console.log("ready");
     for (let round = 0; ; round += 1)
       await store.set("${key}", new Secret("ba"[round % 2].repeat(10_000)));`,
  );
  for (let round = 0; round < 10; round += 1) {
    const child = sandbox.start(process.execPath, [writer]);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    await sleep(round * 35);
    const closed = new Promise((resolve) => child.once("close", resolve));
    await killAllButAgent();
    await closed;
    expect(["a", "b"].map((letter) => letter.repeat(10_000))).toContain(await reveal());
  }
  await store.set(key, new Secret("end"));
  expect(await reveal()).toBe("end");
  expect(await readdir(join(passwords.root, "git-credential-bitbucket/work"))).toEqual([
    "0123456789ab.gpg",
  ]);
});

/** The writer, and its pass and gpg with it: as a power cut does. */
async function killAllButAgent(): Promise<void> {
  const all = [...(await commandsOf(sandbox.home))];
  const pids = all.filter(([, command]) => !command.includes("gpg-agent")).map(([pid]) => `${pid}`);
  await sandbox.run("kill", ["-KILL", ...pids]);
}

it("has no secret in the commits of a store that git keeps, and pushes nothing", async () => {
  const remote = join(sandbox.work, "remote.git");
  await sandbox.run("git", ["init", "--quiet", "--bare", remote]);
  await passwords.pass("git", "init");
  await passwords.pass("git", "remote", "add", "origin", remote);
  // As git calls its helpers.
  store = openAgain({
    GIT_DIR: join(sandbox.work, "repository"),
    GIT_INDEX_FILE: "/nowhere/index",
  });
  await store.set(key, new Secret(token), label);
  await store.set(key, new Secret(`${token}2`), label);
  expect(await reveal()).toBe(`${token}2`);
  const at = await sandbox.run("git", ["-C", passwords.root, "status", "--porcelain"]);
  expect(at.stdout).toBe("");
  expect(await store.delete(key)).toBe(true);
  const log = await passwords.pass("git", "log", "-p", "--text", "--no-textconv", "--all");
  expect(log).not.toContain(token);
  expect(log).toContain(entry);
  const pushed = await sandbox.run("git", ["-C", remote, "rev-list", "--all"]);
  expect(pushed.stdout).toBe("");
});
