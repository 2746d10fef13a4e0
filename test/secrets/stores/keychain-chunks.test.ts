// Secrets longer than an entry: in a real Secret Service, with the limit of Windows or a lower one.
import { afterEach, beforeEach, expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import { openKeychainStore } from "../../../src/secrets/stores/keychain.ts";
import { withKeytar, type Entries } from "../../../src/secrets/stores/keytar.ts";
import type { Store } from "../../../src/secrets/stores/store.ts";
import { openKeyring, type Keyring } from "../../support/keyring.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";

const key = "work/0123456789ab";
const service = "git-credential-bitbucket";
const chunkService = "chunks-of-git-credential-bitbucket";
const long = (letter: string) => new Secret(letter.repeat(2500));

let sandbox: Sandbox;
let keyring: Keyring;
let store: Store;

beforeEach(async () => {
  sandbox = await openSandbox();
  keyring = await openKeyring(sandbox.env, "unlocked");
  store = openKeychainStore({ env: keyring.env, platform: "linux", entryLimitBytes: 1000 });
});

afterEach(async () => {
  await keyring.close();
  await sandbox.close();
});

const use = <T>(steps: (entries: Entries) => Promise<T>) => withKeytar(keyring.env, 3000, steps);
const chunks = async () => (await use((entries) => entries.accounts(chunkService))).toSorted();

it("keeps to Windows' limit in bytes, between characters", async () => {
  // Where there is no Secret Service to ask first, keytar is called as it is.
  const windows = openKeychainStore({ env: keyring.env, platform: "win32" });
  const secret = `x${"é€😀".repeat(1000)}`;
  await windows.set(key, new Secret(secret));
  const accounts = await chunks();
  const values = await use(async (entries) => {
    const found: (string | undefined)[] = [];
    for (const account of accounts) found.push(await entries.get(chunkService, account));
    return found;
  });
  expect(values.join("")).toBe(secret);
  expect(values.map((value) => Buffer.byteLength(String(value)))).toEqual([2559, 2559, 2560, 1323]);
  expect((await windows.get(key))?.reveal()).toBe(secret);
  await windows.set(key, new Secret("y".repeat(2560)));
  expect(await chunks()).toEqual([]);
});

it("does not show chunks as secrets, and leaves none behind", async () => {
  await store.set(key, long("a"));
  expect(await chunks()).toHaveLength(3);
  expect(await store.list()).toEqual([key]);
  const first = await chunks();
  await store.set(key, long("b"));
  expect(await chunks()).toHaveLength(3);
  expect(await chunks()).not.toEqual(first);
  expect((await store.get(key))?.reveal()).toBe(long("b").reveal());
  await store.set(key, new Secret("short"));
  expect(await chunks()).toEqual([]);
  await store.set(key, long("c"));
  expect(await store.delete(key)).toBe(true);
  expect(await chunks()).toEqual([]);
  expect(await store.list()).toEqual([]);
});

it("keeps the old secret when a new one could not be written to its end", async () => {
  await store.set(key, long("a"));
  // What a process that was killed before the header leaves.
  await use((entries) => entries.set(chunkService, `${key}/0123456789abcdef/0`, "b".repeat(1000)));
  expect((await store.get(key))?.reveal()).toBe(long("a").reveal());
});

it.each([
  ["is gone", (entries: Entries, account: string) => entries.delete(chunkService, account)],
  ["is another's", (entries: Entries, account: string) => entries.set(chunkService, account, "x")],
])("tells damage from a missing secret when a chunk %s", async (_, damage) => {
  await store.set(key, long("a"));
  const [, second] = await chunks();
  await use((entries) => damage(entries, String(second)) as Promise<unknown>);
  await expect(store.get(key)).rejects.toMatchObject({
    code: "store-unavailable",
    message: "the secret in the keychain is damaged: a part is missing",
  });
  await store.set(key, long("b"));
  expect((await store.get(key))?.reveal()).toBe(long("b").reveal());
});

it.each(["x 1 y", "0123456789abcdef 0 ", `0123456789abcdef 99999 ${"0".repeat(64)}`])(
  "can be replaced and deleted with a damaged header: %s",
  async (rest) => {
    const header = `${service} chunks ${rest}`;
    await use((entries) => entries.set(service, key, header));
    await expect(store.get(key)).rejects.toMatchObject({
      code: "store-unavailable",
      message: "the secret in the keychain is damaged: its header is not ours",
    });
    await store.set(key, long("a"));
    expect((await store.get(key))?.reveal()).toBe(long("a").reveal());
    await use((entries) => entries.set(service, key, header));
    expect(await store.delete(key)).toBe(true);
  },
);

it("reads the old or the new secret while another process replaces it", async () => {
  const [a, b] = [long("a"), long("b")];
  await store.set(key, a);
  const replaced = new Set(["start"]);
  const replacing = (async () => {
    for (const secret of [b, a, b, a, b]) await store.set(key, secret);
    replaced.clear();
  })();
  const seen = new Set<string | undefined>();
  while (replaced.size > 0) seen.add((await store.get(key))?.reveal());
  await replacing;
  expect([a.reveal(), b.reveal()]).toEqual(expect.arrayContaining([...seen]));
});
