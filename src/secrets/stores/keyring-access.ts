// Whether the keychain may be called at all: locked is not missing, and nobody is asked on a screen they do not see.
import type { Environment } from "../../outside.ts";
import { locked, unavailable } from "./keychain-errors.ts";
import { askSecretService, type KeyringState } from "./secret-service.ts";

/**
 * When a locked keychain may ask for its password on the person's screen; otherwise it is `store-locked` at once. A secret
 * is written while the person who gave it waits; reads also come from editors that fetch behind one's back.
 */
export type Unlock = "never" | "to-write" | "always";

export interface AccessOptions {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** `never` when left out. */
  readonly unlock?: Unlock | undefined;
}

/** Each throws HelperError `store-locked` or `store-unavailable`. */
export interface KeyringAccess {
  /** How long the keychain may take for one call. */
  readonly readLimitMilliseconds: number;
  readonly writeLimitMilliseconds: number;
  /** @returns false when there surely is no such secret; all of ours when no account is named. */
  mayHold(account?: string): Promise<boolean>;
  /** After nothing was found: throws when that is because the keyring stayed locked. */
  refuseLocked(account?: string): Promise<void>;
  /** Throws unless new secrets can be written. */
  refuseUnwritable(): Promise<void>;
}

const answerLimitMilliseconds = 3000; // docs/design.md, "Stores"
const personLimitMilliseconds = 120_000; // to type a password

/** @param attributesOf by which a secret is found, and without an account all of ours. */
export function keyringAccess(
  attributesOf: (account?: string) => Readonly<Record<string, string>>,
  options: AccessOptions,
): KeyringAccess {
  const { env, platform } = options;
  const screen = canPrompt(env, platform);
  const promptToRead = screen && options.unlock === "always";
  const promptToWrite = promptToRead || (screen && options.unlock === "to-write");

  /** Undefined where only the keychain itself can tell. */
  async function look(account?: string): Promise<KeyringState | undefined> {
    if (platform === "darwin" || platform === "win32") return undefined;
    return await askSecretService(env, attributesOf(account), answerLimitMilliseconds);
  }

  return {
    readLimitMilliseconds: limitFor(promptToRead),
    writeLimitMilliseconds: limitFor(promptToWrite),
    async mayHold(account) {
      const state = await look(account);
      if (state === undefined || isReadable(state, account)) return true;
      if (!isLocked(state)) return false;
      if (!promptToRead) throw locked(screen);
      return true;
    },
    async refuseLocked(account) {
      const state = await look(account);
      if (state !== undefined && isLocked(state)) throw locked(screen);
    },
    async refuseUnwritable() {
      const state = await look();
      if (state === undefined || state.defaultKeyring === "unlocked" || promptToWrite) return;
      if (state.defaultKeyring === "locked") throw locked(screen);
      throw unavailable("the keychain has no keyring yet");
    },
  };
}

function limitFor(prompt: boolean): number {
  return prompt ? personLimitMilliseconds : answerLimitMilliseconds;
}

/** One secret is read where it is open; a list of all needs all of them open. */
function isReadable({ unlocked, locked }: KeyringState, account: string | undefined): boolean {
  return unlocked > 0 && (account !== undefined || locked === 0);
}

/** A service may hide what a locked keyring holds, so that one counts although nothing was found in it. */
function isLocked({ defaultKeyring, locked }: KeyringState): boolean {
  return locked > 0 || defaultKeyring === "locked";
}

/** Over ssh, the keychain would ask on a screen that this person may not see. */
export function canPrompt(env: Environment, platform: NodeJS.Platform): boolean {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  if (isSet("SSH_CONNECTION")) return false;
  if (platform === "darwin" || platform === "win32") return true;
  return isSet("DISPLAY") || isSet("WAYLAND_DISPLAY");
}
