// The table of stores, and which one a new account gets. Each is loaded when it is used: age costs 35 ms.
import { HelperError } from "../../errors.ts";
import type { Environment } from "../../outside.ts";
import { openFileStore } from "./file.ts";
import type { AskPassphrase } from "./identity.ts";
import type { Unlock } from "./keyring-access.ts";
import type { Store } from "./store.ts";
import { isDockerStore, type OwnStoreName, type StoreName } from "../../store-names.ts";

export interface StoreOptions {
  /** Our data folder: the file store lies in it. */
  readonly data: string;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** When a locked keychain may ask on the person's screen, and wait for them; `never` when left out. */
  readonly unlock?: Unlock | undefined;
  /** For a file store under a passphrase; without it that is `store-locked`. */
  readonly askPassphrase?: AskPassphrase | undefined;
}

const openers: Record<OwnStoreName, (options: StoreOptions) => Promise<Store>> = {
  async keychain(options) {
    const { openKeychainStore } = await import("./keychain.ts");
    return openKeychainStore(options);
  },
  async file({ data, askPassphrase }) {
    return openFileStore(data, askPassphrase);
  },
  async pass(options) {
    const { openPassStore } = await import("./pass.ts");
    const { findPerson } = await import("./person.ts");
    return openPassStore({ ...options, asks: findPerson(options) });
  },
  async command(options) {
    const { openCommandStore } = await import("./command.ts");
    const { findPerson } = await import("./person.ts");
    return openCommandStore({ env: options.env, asks: findPerson(options) });
  },
  async memory() {
    const { openMemoryStore } = await import("./memory.ts");
    return openMemoryStore();
  },
};

/** Never fails because the store cannot answer: its methods do. */
export async function openStore(name: StoreName, options: StoreOptions): Promise<Store> {
  if (!isDockerStore(name)) return await openers[name](options);
  const { openDockerStore } = await import("./docker.ts");
  const { findPerson } = await import("./person.ts");
  return openDockerStore({ ...options, name, asks: findPerson(options) });
}

/**
 * The store for a new account: the setting, else keychain when it answers, else file.
 * With a setting, nothing is asked: if that store cannot answer, writing to it says so.
 */
export async function chooseStore(
  setting: StoreName | undefined,
  options: StoreOptions,
): Promise<StoreName> {
  if (setting !== undefined) return setting;
  try {
    await probeStore("keychain", options);
    return "keychain";
  } catch (error) {
    if (error instanceof HelperError) return "file";
    throw error;
  }
}

/**
 * Resolves when new secrets can be kept in the store; files can always be tried. Writes nothing and asks nobody.
 * Throws HelperError `store-locked` or `store-unavailable`, which says why not.
 */
export async function probeStore(name: StoreName, options: StoreOptions): Promise<void> {
  if (isDockerStore(name)) {
    const { probeDocker } = await import("./docker.ts");
    await probeDocker({ ...options, name });
  }
  if (name === "pass") {
    const { probePass } = await import("./pass.ts");
    await probePass(options);
  }
  if (name !== "keychain") return;
  const { probeKeychain } = await import("./keychain.ts");
  await probeKeychain(options);
}
