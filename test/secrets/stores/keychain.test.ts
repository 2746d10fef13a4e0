// The keychain store where the keychain does not simply answer: locked is not missing, absent says so, stuck is not waited for.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import { openKeychainStore, type KeychainOptions } from "../../../src/secrets/stores/keychain.ts";
import type { Store } from "../../../src/secrets/stores/store.ts";
import { openKeyring, type Keyring, type KeyringState } from "../../support/keyring.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";
import { buildStoreWorker, useElsewhere } from "./store-worker.ts";

const key = "work/0123456789ab";
const token = `ATATT3xFfGF0${"a".repeat(180)}`;
const atDesk = { DISPLAY: ":99" };
const otherStore = "git credential-bitbucket login --store file";

let sandbox: Sandbox;
let keyring: Keyring;

beforeEach(async () => {
  sandbox = await openSandbox();
});

afterEach(async () => {
  await keyring.close();
  await sandbox.close();
});

async function open(state: KeyringState, options: Partial<KeychainOptions> = {}): Promise<Store> {
  keyring = await openKeyring(sandbox.env, state);
  return again(options);
}

function again({ env, ...options }: Partial<KeychainOptions> = {}): Store {
  return openKeychainStore({ env: { ...keyring.env, ...env }, platform: "linux", ...options });
}

const calls: readonly (readonly [name: string, call: (store: Store) => Promise<unknown>])[] = [
  ["get", (store) => store.get(key)],
  ["set", (store) => store.set(key, new Secret(token))],
  ["delete", (store) => store.delete(key)],
  ["list", (store) => store.list()],
];

describe("a locked keyring", () => {
  it("is locked to every call, and has lost nothing when it is unlocked", async () => {
    const store = await open("unlocked");
    await store.set(key, new Secret(token));
    await keyring.lock();
    for (const [, call] of calls) {
      await expect(call(store)).rejects.toMatchObject({
        code: "store-locked",
        message: "the keychain is locked",
      });
    }
    // Whether it holds another one cannot be known either.
    await expect(store.get("another")).rejects.toMatchObject({ code: "store-locked" });
    await keyring.unlock();
    expect((await store.get(key))?.reveal()).toBe(token);
  });

  it.each([
    ["nobody's screen is at hand", {}, otherStore],
    ["there is a screen", atDesk, "git credential-bitbucket status --check"],
    [
      "the screen is elsewhere",
      { ...atDesk, SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" },
      otherStore,
    ],
  ])("has a way out when %s", async (_, env, hint) => {
    const store = await open("locked", { env });
    await expect(store.get(key)).rejects.toMatchObject({ code: "store-locked", hint });
  });

  it.each(calls)("that may ask on the screen, and cannot, is still locked: %s", async (_, call) => {
    const store = await open("unlocked");
    await store.set(key, new Secret(token));
    await keyring.lock();
    const asking = again({ unlock: "always", env: atDesk });
    await expect(call(asking)).rejects.toMatchObject({ code: "store-locked" });
  });

  it("is not asked to read on the screen when it may only ask to write", async () => {
    const store = await open("locked", { unlock: "to-write", env: atDesk });
    await expect(store.get(key)).rejects.toMatchObject({ code: "store-locked" });
  });

  it("that is not the default one still holds its secrets", async () => {
    const store = await open("unlocked");
    await store.set(key, new Secret(token));
    await keyring.lock();
    await setDefaultKeyring("session");
    await expect(store.get(key)).rejects.toMatchObject({ code: "store-locked" });
    await expect(store.list()).rejects.toMatchObject({ code: "store-locked" });
    expect(await store.get("another")).toBeUndefined();
  });
});

it("has nothing, and takes nothing, where there is no keyring yet", async () => {
  const store = await open("empty");
  expect(await store.get(key)).toBeUndefined();
  expect(await store.delete(key)).toBe(false);
  expect(await store.list()).toEqual([]);
  await expect(store.set(key, new Secret(token))).rejects.toMatchObject({
    code: "store-unavailable",
    message: "the keychain has no keyring yet",
    hint: otherStore,
  });
});

describe.each([
  ["no-bus", "there is no keychain: this session has no D-Bus"],
  ["no-service", "there is no keychain: no Secret Service runs in this session"],
] as const)("with %s", (state, message) => {
  it.each(calls)("%s says that there is no keychain", async (_, call) => {
    const store = await open(state);
    await expect(call(store)).rejects.toMatchObject({
      code: "store-unavailable",
      message,
      hint: otherStore,
    });
  });
});

it("notices that the service ended", async () => {
  const store = await open("unlocked");
  await store.set(key, new Secret(token));
  await keyring.endService();
  await expect(store.get(key)).rejects.toMatchObject({ code: "store-unavailable" });
});

it("does not wait for a service that is stuck, and its process ends", async () => {
  await open("unlocked");
  const worker = await buildStoreWorker(sandbox.work);
  keyring.stall();
  const answers = await Promise.all(
    ["get", "set", "delete", "list"].map((operation) =>
      useElsewhere(sandbox, worker, ["keychain", operation, key], {
        secret: token,
        env: keyring.env,
      }),
    ),
  );
  const error = {
    code: "store-unavailable",
    message: "the keychain did not answer within 3 s",
    hint: otherStore,
  };
  expect(answers).toEqual([{ error }, { error }, { error }, { error }]);
});

it("names the package when libsecret is missing", async () => {
  await open("unlocked");
  // The loader finds this one first, and it is no library.
  await writeFile(join(sandbox.work, "libsecret-1.so.0"), "");
  const store = again({ env: { LD_LIBRARY_PATH: sandbox.work } });
  await expect(store.set(key, new Secret(token))).rejects.toMatchObject({
    code: "store-unavailable",
    message: "the keychain needs the library libsecret",
    hint: "sudo apt install libsecret-1-0",
  });
});

async function setDefaultKeyring(name: string): Promise<void> {
  const { exitCode, stderr } = await sandbox.run(
    "dbus-send",
    [
      "--print-reply",
      "--dest=org.freedesktop.secrets",
      "/org/freedesktop/secrets",
      "org.freedesktop.Secret.Service.SetAlias",
      "string:default",
      `objpath:/org/freedesktop/secrets/collection/${name}`,
    ],
    { env: keyring.env },
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
}
