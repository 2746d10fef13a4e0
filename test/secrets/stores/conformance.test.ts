// Every store, real: age files, gnome-keyring over D-Bus, pass, docker's helpers, memory. docs/design.md, "Stores".
import { join } from "node:path";
import { openFileStore } from "../../../src/secrets/stores/file.ts";
import { openKeychainStore } from "../../../src/secrets/stores/keychain.ts";
import { openMemoryStore } from "../../../src/secrets/stores/memory.ts";
import { openStore } from "../../../src/secrets/stores/open.ts";
import type { Store } from "../../../src/secrets/stores/store.ts";
import type { StoreName } from "../../../src/store-names.ts";
import { openKeyring } from "../../support/keyring.ts";
import { openPasswordStore } from "../../support/password-store.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";
import { describeSharedStore, describeStore, type SharedStoreUnderTest } from "./conformance.ts";
import { buildStoreWorker, useElsewhere } from "./store-worker.ts";

describeStore("memory", () =>
  Promise.resolve({ store: openMemoryStore(), close: () => Promise.resolve() }),
);

describeSharedStore("file", async () => {
  const sandbox = await openSandbox();
  const worker = await buildStoreWorker(sandbox.work);
  const open = () => openFileStore(join(sandbox.home, ".local/share", "git-credential-bitbucket"));
  return {
    store: open(),
    again: open(),
    elsewhere: (args, secret) =>
      useElsewhere(sandbox, worker, ["file", ...args], secret === undefined ? {} : { secret }),
    close: () => sandbox.close(),
  };
});

describeSharedStore("keychain", () => openKeychain({}));

// Windows' limit is 2,560; a Secret Service has none, so that this is the way to test it.
describeSharedStore("keychain with entries of 1,000 bytes", () =>
  openKeychain({ entryLimitBytes: 1000 }),
);

describeSharedStore("pass", () => openWithPass("pass"));

describeSharedStore("docker-credential-pass", () => openWithPass("docker-credential-pass"));

describeSharedStore("docker-credential-secretservice", async () => {
  const sandbox = await openSandbox();
  const keyring = await openKeyring(sandbox.env, "unlocked");
  const close = async (): Promise<void> => {
    await keyring.close();
    await sandbox.close();
  };
  return await openNamed("docker-credential-secretservice", sandbox, keyring.env, close);
});

async function openWithPass(name: StoreName): Promise<SharedStoreUnderTest> {
  const sandbox = await openSandbox();
  const passwords = await openPasswordStore(sandbox);
  return await openNamed(name, sandbox, sandbox.env, async () => {
    await passwords.close();
    await sandbox.close();
  });
}

async function openNamed(
  name: StoreName,
  sandbox: Sandbox,
  env: Readonly<Record<string, string>>,
  close: () => Promise<void>,
): Promise<SharedStoreUnderTest> {
  const worker = await buildStoreWorker(sandbox.work);
  const data = join(sandbox.home, ".local/share", "git-credential-bitbucket");
  const open = (): Promise<Store> => openStore(name, { env, data, platform: "linux" });
  return {
    store: await open(),
    again: await open(),
    elsewhere: (args, secret) =>
      useElsewhere(sandbox, worker, [name, ...args], {
        env,
        ...(secret === undefined ? {} : { secret }),
      }),
    close,
  };
}

async function openKeychain(limit: {
  readonly entryLimitBytes?: number;
}): Promise<SharedStoreUnderTest> {
  const sandbox = await openSandbox();
  const keyring = await openKeyring(sandbox.env, "unlocked");
  const worker = await buildStoreWorker(sandbox.work);
  const open = (): Store => openKeychainStore({ env: keyring.env, platform: "linux", ...limit });
  return {
    store: open(),
    again: open(),
    elsewhere: (args, secret) =>
      useElsewhere(sandbox, worker, ["keychain", ...args], {
        env: keyring.env,
        ...(secret === undefined ? {} : { secret }),
      }),
    async close() {
      await keyring.close();
      await sandbox.close();
    },
  };
}
