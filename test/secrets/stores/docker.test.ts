// Docker's helpers where they do not simply answer: the real docker-credential-pass and docker-credential-secretservice, and
// scripts that do what others are reported to do. docs/design.md, "Stores".
import { mkdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { HelperError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { openDockerStore, probeDocker } from "../../../src/secrets/stores/docker.ts";
import type { Store } from "../../../src/secrets/stores/store.ts";
import type { DockerStoreName } from "../../../src/store-names.ts";
import { openKeyring, type KeyringState } from "../../support/keyring.ts";
import { commandsOf } from "../../support/leftovers.ts";
import { openPasswordStore, type PasswordStore } from "../../support/password-store.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";
import { buildWorker } from "../../support/worker.ts";

const key = "work/0123456789ab";
const address = `git-credential-bitbucket/${key}`;
const token = `ATATT3xFfGF0${"a".repeat(180)}`;
const withPass = "docker-credential-pass";
const withKeyring = "docker-credential-secretservice";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await openSandbox();
  onTestFinished(() => sandbox.close());
});

function open(name: DockerStoreName, env: Readonly<Record<string, string>> = {}): Store {
  return openDockerStore(optionsFor(name, env));
}

function optionsFor(name: DockerStoreName, env: Readonly<Record<string, string>>) {
  const all = { ...sandbox.env, ...env };
  return { name, env: all, platform: "linux" as const, data: join(sandbox.home, "data") };
}

async function openPasswords(): Promise<PasswordStore> {
  const passwords = await openPasswordStore(sandbox, "protected");
  onTestFinished(() => passwords.close());
  await passwords.unlock();
  return passwords;
}

async function docker(name: string, verb: string, input = ""): Promise<unknown> {
  const { stdout } = await sandbox.run(name, [verb], { input });
  return JSON.parse(stdout) as unknown;
}

/** What a step is refused with; the secret is nowhere in it. */
async function refusal(step: Promise<unknown>): Promise<HelperError> {
  const error = await step.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (!(error instanceof HelperError)) throw new Error("it was not refused", { cause: error });
  expect(`${error.stack}${String(error.cause)}${error.hint}`).not.toContain(token);
  return error;
}

describe("docker-credential-pass", () => {
  it("has one address for each key, beside what docker has", async () => {
    await openPasswords();
    const theirs = { ServerURL: "https://index.docker.io/v1/", Username: "ada", Secret: "theirs" };
    await sandbox.run(withPass, ["store"], { input: JSON.stringify(theirs) });
    const store = open(withPass);
    await store.set(key, new Secret(token), { username: "alice", url: "https://bitbucket.org" });
    await store.set(key, new Secret(`${token}2`));
    await store.set(`${key}/refresh`, new Secret("r1"));
    expect(await docker(withPass, "list")).toEqual({
      [theirs.ServerURL]: "ada",
      [address]: "token",
      [`${address}/refresh`]: "token",
    });
    expect(await docker(withPass, "get", address)).toMatchObject({ Secret: `${token}2` });
    expect((await store.list()).toSorted()).toEqual([key, `${key}/refresh`]);
    expect(await docker(withPass, "get", theirs.ServerURL)).toEqual(theirs);
  });

  it("is locked, not missing", async () => {
    const passwords = await openPasswords();
    const store = open(withPass);
    await store.set(key, new Secret(token));
    await passwords.lock();
    expect(await refusal(store.get(key))).toMatchObject({
      code: "store-locked",
      message: "what docker-credential-pass keeps is locked",
    });
    expect(await store.get("work/other")).toBeUndefined();
    expect(await store.list()).toEqual([key]);
    expect(await store.delete(key)).toBe(true);
  });

  it("cannot answer where there is no password store, though it says that nothing is there", async () => {
    const store = open(withPass);
    const steps = [
      () => store.get(key),
      () => store.set(key, new Secret(token)),
      () => store.delete(key),
      () => store.list(),
      () => probeDocker(optionsFor(withPass, {})),
    ];
    for (const step of steps)
      expect(await refusal(step())).toMatchObject({
        code: "store-unavailable",
        hint: "pass init GPG-ID",
      });
  });

  it("says that a secret is damaged, also where the helper has an empty one", async () => {
    const { root } = await openPasswords();
    const store = open(withPass);
    await store.set(key, new Secret(token));
    const folder = Buffer.from(address).toString("base64url");
    const padded = folder.padEnd(Math.ceil(folder.length / 4) * 4, "=");
    const file = join(root, "docker-credential-helpers", padded, "token.gpg");
    const { length } = await readFile(file);
    for (const bytes of [length - 20, 40, 0]) {
      await truncate(file, bytes);
      expect(await refusal(store.get(key))).toMatchObject({ code: "store-unavailable" });
    }
  });

  it("has the old or the new secret after any number of kills in the middle", async () => {
    await openPasswords();
    const store = open(withPass);
    await store.set(key, new Secret("a".repeat(10_000)));
    const writer = await buildWorker(
      sandbox.work,
      "writer",
      `import { Secret } from "./src/secret.ts";
       import { openStore } from "./src/secrets/stores/open.ts";
       const { env, platform } = process;
       const store = await openStore("${withPass}", { env, platform, data: env.HOME + "/data" });
       console.log("ready");
       for (let round = 0; ; round += 1)
         await store.set("${key}", new Secret("ba"[round % 2].repeat(10_000)));`,
    );
    const values = ["a", "b"].map((letter) => letter.repeat(10_000));
    for (let round = 0; round < 10; round += 1) {
      const child = sandbox.start(process.execPath, [writer]);
      await new Promise((resolve) => child.stdout?.once("data", resolve));
      await sleep(round * 40);
      const closed = new Promise((resolve) => child.once("close", resolve));
      const all = [...(await commandsOf(sandbox.home))];
      const pids = all.filter(([, command]) => !command.includes("gpg-agent"));
      await sandbox.run("kill", ["-KILL", ...pids.map(([pid]) => `${pid}`)]);
      await closed;
      expect(values).toContain((await store.get(key))?.reveal());
    }
    await store.set(key, new Secret("end"));
    expect(await docker(withPass, "list")).toEqual({ [address]: "token" });
  });
});

async function openWith(state: KeyringState): Promise<Store> {
  const keyring = await openKeyring(sandbox.env, state);
  onTestFinished(() => keyring.close());
  return open(withKeyring, keyring.env);
}

describe("docker-credential-secretservice", () => {
  it.each([
    ["locked", "store-locked"],
    ["no-service", "store-unavailable"],
    ["no-bus", "store-unavailable"],
  ] as const)("a keyring that is %s cannot answer: %s", async (state, code) => {
    const store = await openWith(state);
    const steps = [
      () => store.get(key),
      () => store.set(key, new Secret(token)),
      () => store.delete(key),
      () => store.list(),
    ];
    for (const step of steps) expect((await refusal(step())).code).toBe(code);
  });

  it("gives what was kept before it was locked, once it is open again", async () => {
    const keyring = await openKeyring(sandbox.env, "unlocked");
    onTestFinished(() => keyring.close());
    const store = open(withKeyring, keyring.env);
    await store.set(key, new Secret(token));
    await keyring.lock();
    expect((await refusal(store.get(key))).code).toBe("store-locked");
    await keyring.unlock();
    expect((await store.get(key))?.reveal()).toBe(token);
  });

  it("is not waited for when the service is stuck", async () => {
    const keyring = await openKeyring(sandbox.env, "unlocked");
    onTestFinished(() => keyring.close());
    keyring.stall();
    const store = open(withKeyring, keyring.env);
    expect((await refusal(store.get(key))).code).toBe("store-unavailable");
  });
});

describe("another helper", () => {
  const name = "docker-credential-odd";

  async function openScript(script: string): Promise<Store> {
    const folder = join(sandbox.work, "bin");
    await mkdir(folder);
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return open(name, { PATH: `${folder}:${sandbox.env["PATH"]}` });
  }

  it("prints an error with the secret in it, and nobody sees it", async () => {
    const store = await openScript(
      `cat; echo "cannot handle ${token}"; echo "${token}" >&2; exit 1`,
    );
    const steps = [
      () => store.get(key),
      () => store.set(key, new Secret(token)),
      () => store.delete(key),
      () => store.list(),
    ];
    for (const step of steps) {
      const { code, message } = await refusal(step());
      expect([code, message]).toContain("store-unavailable");
      expect(message).toContain(name);
    }
  });

  it("prints no JSON with the secret in it, and nobody sees it", async () => {
    const store = await openScript(`echo "{${token}"`);
    const said = { message: `${name} answers with something else than JSON` };
    expect(await refusal(store.get(key))).toMatchObject(said);
  });

  it("says in the protocol's words that there is nothing", async () => {
    const store = await openScript("echo credentials not found in native keychain; exit 1");
    expect(await store.get(key)).toBeUndefined();
  });

  it("lists addresses as URLs", async () => {
    const store = await openScript(`echo '{"https://${address}":"token"}'`);
    expect(await store.list()).toEqual([key]);
  });

  it("does not end, and is ended with what it started", async () => {
    const store = await openScript("sleep 600 & sleep 600");
    const said = { code: "store-unavailable", message: `${name} did not answer within 10 s` };
    expect(await refusal(store.get(key))).toMatchObject(said);
    expect([...(await commandsOf(sandbox.home)).values()]).toEqual([]);
  });

  it("is not on PATH", async () => {
    const said = { message: `there is no program ${name} on PATH`, hint: `type ${name}` };
    expect(await refusal(open(name).get(key))).toMatchObject(said);
  });

  it("takes no secret beyond what its reader can hold", async () => {
    const store = await openScript(`[ "$1" = list ] && echo '{}'`);
    expect(await refusal(store.set(key, new Secret("x".repeat(70_000))))).toMatchObject({
      message: `${name} takes no secrets beyond 60 kB`,
    });
  });
});
