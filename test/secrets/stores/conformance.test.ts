// Every store, real: age files, gnome-keyring over D-Bus, memory. docs/design.md, "Stores".
import { join } from "node:path";
import { openFileStore } from "../../../src/secrets/stores/file.ts";
import { openKeychainStore } from "../../../src/secrets/stores/keychain.ts";
import { openMemoryStore } from "../../../src/secrets/stores/memory.ts";
import { openPassStore } from "../../../src/secrets/stores/pass.ts";
import type { Store } from "../../../src/secrets/stores/store.ts";
import { openKeyring } from "../../support/keyring.ts";
import { openPasswordStore } from "../../support/password-store.ts";
import { openSandbox } from "../../support/sandbox.ts";
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

describeSharedStore("pass", async () => {
  const sandbox = await openSandbox();
  const passwords = await openPasswordStore(sandbox);
  const worker = await buildStoreWorker(sandbox.work);
  const data = join(sandbox.home, ".local/share", "git-credential-bitbucket");
  const open = () => openPassStore({ env: sandbox.env, data });
  return {
    store: open(),
    again: open(),
    elsewhere: (args, secret) =>
      useElsewhere(sandbox, worker, ["pass", ...args], secret === undefined ? {} : { secret }),
    async close() {
      await passwords.close();
      await sandbox.close();
    },
  };
});

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
