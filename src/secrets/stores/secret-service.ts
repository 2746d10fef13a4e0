// What the Secret Service says of itself, without a prompt and without a secret. libsecret cannot be asked: for a locked
// keyring its lookup shows a prompt, and when nobody answers, or can, it says "no such secret".
// Secret Service API Draft 0.2, "Collection" and "Service".
import { HelperError } from "../../errors.ts";
import type { Environment } from "../../outside.ts";
import { type BusCalls, busAddresses, withBus } from "./bus.ts";
import type { MethodCall, Reply } from "./bus-message.ts";
import { noAnswer, unavailable } from "./keychain-errors.ts";

export interface KeyringState {
  /** The keyring where new secrets go; `none` before the first log-in with one. */
  readonly defaultKeyring: "unlocked" | "locked" | "none";
  /** How many of the secrets asked about lie in unlocked and in locked keyrings. */
  readonly unlocked: number;
  readonly locked: number;
}

const service = { destination: "org.freedesktop.secrets", path: "/org/freedesktop/secrets" };

const askLocked: MethodCall = {
  ...service,
  path: `${service.path}/aliases/default`,
  interface: "org.freedesktop.DBus.Properties",
  member: "Get",
  body: ["org.freedesktop.Secret.Collection", "Locked"],
};

/**
 * @param attributes of the secrets to count, as keytar writes them: service, and account for one.
 * Throws HelperError `store-unavailable` when there is no bus or no Secret Service, or no answer within the limit.
 */
export async function askSecretService(
  env: Environment,
  attributes: Readonly<Record<string, string>>,
  limitMilliseconds: number,
): Promise<KeyringState> {
  const search: MethodCall = {
    ...service,
    interface: "org.freedesktop.Secret.Service",
    member: "SearchItems",
    body: [attributes],
  };
  const [locked, found] = await onSessionBus(env, limitMilliseconds, (call) =>
    call([askLocked, search]),
  );
  return { defaultKeyring: defaultKeyring(locked), ...counts(found) };
}

/**
 * Takes the steps on the first bus that answers; from the first call on they must not be taken twice.
 * Throws HelperError `store-unavailable` when there is none, or it does not answer within the limit.
 */
export async function onSessionBus<T>(
  env: Environment,
  limitMilliseconds: number,
  steps: (call: BusCalls) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(limitMilliseconds);
  let cause: unknown;
  for (const address of busAddresses(env)) {
    try {
      return await withBus(address, signal, steps);
    } catch (error) {
      if (error instanceof HelperError) throw error;
      if (signal.aborted) throw noAnswer(limitMilliseconds, error);
      cause = error;
    }
  }
  const { code } = (cause ?? { code: "ENOENT" }) as NodeJS.ErrnoException;
  const isThere = code !== "ENOENT" && code !== "ECONNREFUSED";
  throw unavailable(
    `there is no keychain: this session ${isThere ? "cannot use its" : "has no"} D-Bus`,
    cause,
  );
}

function defaultKeyring(reply: Reply | undefined): KeyringState["defaultKeyring"] {
  if (reply === undefined || "error" in reply) {
    refuseMissing(reply?.error);
    return "none";
  }
  return reply.values.variant() === false ? "unlocked" : "locked";
}

function counts(reply: Reply | undefined): Pick<KeyringState, "locked" | "unlocked"> {
  if (reply === undefined || "error" in reply) {
    refuseMissing(reply?.error);
    throw new HelperError("store-unavailable", `the keychain cannot be searched (${reply?.error})`);
  }
  const unlocked = reply.values.strings().length;
  return { unlocked, locked: reply.values.strings().length };
}

/**
 * Throws HelperError `store-unavailable` for errors of the bus itself, or of starting the service, as against those that
 * the service answers with.
 */
export function refuseMissing(error: string | undefined): void {
  if (
    /^org\.freedesktop\.DBus\.Error\.(ServiceUnknown|NameHasNoOwner|NoReply|Spawn\.|TimedOut|Timeout|AccessDenied|Disconnected)/u.test(
      error ?? "",
    )
  ) {
    throw unavailable("there is no keychain: no Secret Service runs in this session", error);
  }
}
