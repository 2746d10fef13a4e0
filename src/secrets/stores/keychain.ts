// The keychain store: macOS Keychain, Windows Credential Manager, Linux Secret Service, through keytar. docs/design.md, "Stores".
// Tested on Linux; the others follow the documentation of keytar and of their systems.
import { Secret } from "../../secret.ts";
import { deleteEntry, readEntry, service, writeEntry } from "./chunks.ts";
import { keyringAccess, type AccessOptions } from "./keyring-access.ts";
import { withKeytar, type Entries } from "./keytar.ts";
import type { Store } from "./store.ts";

export interface KeychainOptions extends AccessOptions {
  /** The most that one entry holds; the system's own limit when left out. */
  readonly entryLimitBytes?: number | undefined;
}

const windowsEntryLimitBytes = 2560; // CRED_MAX_CREDENTIAL_BLOB_SIZE, wincred.h

/** Opens nothing yet: each call asks the keychain anew, so that one locked in between is noticed. */
export function openKeychainStore(options: KeychainOptions): Store {
  const { env, platform } = options;
  const access = keyringAccess(attributesOf, options);
  const read = <T>(steps: (entries: Entries) => Promise<T>): Promise<T> =>
    withKeytar(env, access.readLimitMilliseconds, steps);
  const write = (steps: (entries: Entries) => Promise<void>): Promise<void> =>
    withKeytar(env, access.writeLimitMilliseconds, steps);
  const entryLimitBytes =
    options.entryLimitBytes ?? (platform === "win32" ? windowsEntryLimitBytes : Infinity);

  return {
    name: "keychain",
    async get(key) {
      if (!(await access.mayHold(key))) return undefined;
      const value = await read((entries) => readEntry(entries, key));
      if (value !== undefined) return new Secret(value);
      await access.refuseLocked(key);
      return undefined;
    },
    async set(key, secret) {
      await access.refuseUnwritable();
      await write((entries) => writeEntry(entries, key, secret.reveal(), entryLimitBytes));
    },
    async delete(key) {
      if (!(await access.mayHold(key))) return false;
      const found = await read((entries) => deleteEntry(entries, key));
      if (!found) await access.refuseLocked(key);
      return found;
    },
    async list() {
      if (!(await access.mayHold())) return [];
      try {
        return await read((entries) => entries.accounts(service));
      } catch (error) {
        await access.refuseLocked();
        throw error;
      }
    },
  };
}

/**
 * Resolves when new secrets can be kept here: a keychain answers, it is open or can be opened, and keytar loads.
 * Throws HelperError `store-locked` or `store-unavailable`, which says why not.
 */
export async function probeKeychain(options: KeychainOptions): Promise<void> {
  const access = keyringAccess(attributesOf, options);
  await access.refuseUnwritable();
  await withKeytar(options.env, access.readLimitMilliseconds, () => Promise.resolve());
}

/** As keytar writes and looks for them. */
function attributesOf(account?: string): Readonly<Record<string, string>> {
  const all = { "xdg:schema": "org.freedesktop.Secret.Generic", service };
  return account === undefined ? all : { ...all, account };
}
