// Which store a new account gets. docs/design.md, "Stores".
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import { chooseStore, openStore, type StoreOptions } from "../../../src/secrets/stores/open.ts";
import type { StoreName } from "../../../src/store-names.ts";
import { openKeyring, type KeyringState } from "../../support/keyring.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await openSandbox();
});

afterEach(async () => {
  await sandbox.close();
});

async function choose(
  state: KeyringState,
  setting: StoreName | undefined,
  options: Partial<StoreOptions> = {},
): Promise<StoreName> {
  const keyring = await openKeyring(sandbox.env, state);
  const env = { ...keyring.env, ...options.env };
  const data = join(sandbox.home, "data");
  try {
    return await chooseStore(setting, { data, platform: "linux", ...options, env });
  } finally {
    await keyring.close();
  }
}

describe("without a setting", () => {
  it.each([
    ["unlocked", "keychain"],
    ["locked", "file"],
    ["empty", "file"],
    ["no-service", "file"],
    ["no-bus", "file"],
  ] as const)("a keychain that is %s means %s", async (state, store) => {
    expect(await choose(state, undefined)).toBe(store);
  });

  it("a locked keychain that can ask on this screen is taken", async () => {
    const options = { unlock: "to-write", env: { WAYLAND_DISPLAY: "wayland-0" } } as const;
    expect(await choose("locked", undefined, options)).toBe("keychain");
  });

  it("a keychain without keytar's library means file", async () => {
    // The loader finds this one first, and it is no library.
    await writeFile(join(sandbox.work, "libsecret-1.so.0"), "");
    const env = { LD_LIBRARY_PATH: sandbox.work };
    expect(await choose("unlocked", undefined, { env })).toBe("file");
  });
});

it.each(["keychain", "file"] as const)("a setting of %s is obeyed", async (setting) => {
  expect(await choose("no-bus", setting)).toBe(setting);
});

it.each(["file", "memory"] as const)("opens %s by its name", async (name) => {
  const store = await openStore(name, {
    data: join(sandbox.home, "data"),
    env: sandbox.env,
    platform: "linux",
  });
  await store.set("work/1", new Secret("a secret"));
  expect((await store.get("work/1"))?.reveal()).toBe("a secret");
  expect(store.name).toBe(name);
});
