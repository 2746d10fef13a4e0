// What goes wrong with keychains, in words for people.
import { HelperError } from "../../errors.ts";
import { printable } from "../../screen/printable.ts";

// Moves an account, and is the way for a new one.
export const otherStore = "git credential-bitbucket login --store file";

/** The keychain cannot answer; the message says why. */
export function unavailable(message: string, cause?: unknown, hint = otherStore): HelperError {
  return new HelperError("store-unavailable", message, { hint, cause });
}

export function noAnswer(limitMilliseconds: number, cause?: unknown): HelperError {
  return unavailable(
    `the keychain did not answer within ${Math.ceil(limitMilliseconds / 1000)} s`,
    cause,
  );
}

/** @param canPrompt whether the keychain could ask for its password on this person's screen. */
export function locked(canPrompt: boolean, cause?: unknown): HelperError {
  return new HelperError("store-locked", "the keychain is locked", {
    // Reads every secret, and waits for the keychain's own question.
    hint: canPrompt ? "git credential-bitbucket status --check" : otherStore,
    cause,
  });
}

/** @param reason of keytar or the loader; neither names a secret. */
export function notLoaded(reason: string): HelperError {
  if (reason.includes("libsecret-1.so")) {
    return unavailable(
      "the keychain needs the library libsecret",
      new Error(reason),
      "sudo apt install libsecret-1-0",
    );
  }
  return unavailable("the keychain's library cannot be loaded", new Error(reason));
}

/** @param reason of the system's keychain: libsecret, Keychain Services or Credential Manager. */
export function failed(reason: string): HelperError {
  const cause = new Error(reason);
  if (/locked|interaction is not allowed/iu.test(reason)) return locked(false, cause);
  if (/D-Bus|not provided by any|could not connect/iu.test(reason)) {
    return unavailable("there is no keychain: no Secret Service runs in this session", cause);
  }
  return unavailable(`the keychain refused: ${printable(reason)}`, cause);
}
