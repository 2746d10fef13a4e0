// A store whose secrets others make: accounts read from it, and nothing of ours is written or deleted there.
import { join } from "node:path";
import { dir } from "tmp-promise";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openRegistry } from "../../src/accounts/registry.ts";
import { fingerprint } from "../../src/accounts/fingerprint.ts";
import { withLock } from "../../src/files/lock.ts";
import { renewForeign } from "../../src/secrets/renew-foreign.ts";
import { Secret } from "../../src/secret.ts";
import { forgetAccount } from "../../src/secrets/forget.ts";
import { keepAccount } from "../../src/secrets/keep.ts";
import type { Keeper } from "../../src/secrets/keeper.ts";
import { readHeld } from "../../src/secrets/read.ts";
import { rotate } from "../../src/secrets/rotate.ts";
import { holdBack } from "../../src/secrets/stores/hold-back.ts";
import type { Store } from "../../src/secrets/stores/store.ts";
import { exampleAccount } from "../accounts/example-account.ts";

const account = exampleAccount({ name: "work", store: "memory" });
let keeper: Keeper;
let registryFile: string;

async function refuse(): Promise<never> {
  throw new Error("a read-only store was written to");
}

beforeEach(async () => {
  const { path, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  const theirs: Store = {
    name: "memory",
    isReadOnly: true,
    get: async (key) => (key === account.secretKey ? new Secret("s3cr3t") : undefined),
    list: async () => [account.secretKey],
    set: refuse,
    delete: refuse,
  };
  registryFile = join(path, "accounts.json");
  const registry = openRegistry(registryFile);
  await registry.update(() => [account]);
  keeper = { registry, openStore: async () => holdBack(theirs, path), now: () => 0 };
});

test("is read", async () => {
  expect((await readHeld(account, keeper))?.secret.reveal()).toBe("s3cr3t");
});

test("takes no new secret, and says where one can go", async () => {
  const { kind, host, scope, gitUsername, store, state } = account;
  const facts = { kind, host, scope, gitUsername, store, state } as const;
  await expect(keepAccount(facts, new Secret("new"), keeper)).rejects.toMatchObject({
    code: "store-unavailable",
    message: "the memory store takes no new secrets",
    hint: "git credential-bitbucket login --store file",
  });
  expect(await keeper.registry.read()).toEqual([account]);
});

test("keeps no refresh token, and what else git reports is recorded", async () => {
  const expires = "2030-01-01T00:00:00.000Z";
  await rotate(account, new Secret("refresh"), (current) => ({ ...current, expires }), keeper);
  expect(await keeper.registry.read()).toEqual([{ ...account, expires }]);
});

test("loses nothing when the account is forgotten", async () => {
  await forgetAccount(account, keeper);
  expect(await keeper.registry.read()).toEqual([]);
});

test("gives another token than before: the account is one to be checked, also where that cannot be written", async () => {
  const before = fingerprint(new Secret(`ATATT3xFfGF0${"a".repeat(180)}`));
  const known = { ...account, fingerprint: before, validated: account.created };
  await keeper.registry.update(() => [known]);
  const held = { account: known, secret: new Secret(`ATATT3xFfGF0${"b".repeat(180)}`) };
  const renewed = { state: "unverified", superseded: [before] };
  const atOnce = await withLock(`${registryFile}.lock`, () => renewForeign(held, keeper, 100));
  expect(atOnce.account).toMatchObject(renewed);
  expect(await keeper.registry.read()).toMatchObject([{ state: "approved" }]);
  expect(atOnce.account.validated).toBeUndefined();
  expect((await renewForeign(held, keeper)).account).toMatchObject(renewed);
  expect(await keeper.registry.read()).toMatchObject([{ state: "unverified" }]);
});
