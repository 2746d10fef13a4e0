// A store whose secrets others make may give another one than the account was made with: somebody has put a new token there.
import { type Account, isSameRecord } from "../accounts/account.ts";
import { fingerprint, hasFingerprint } from "../accounts/fingerprint.ts";
import { supersede } from "../accounts/record.ts";
import { HelperError } from "../errors.ts";
import type { Keeper } from "./keeper.ts";
import type { Held } from "./read.ts";

/**
 * @returns what is held, its account as one that was never checked where the secret is a new one: what was known is of the
 * former.
 * @param limitMilliseconds how long the lock of the accounts file is waited for.
 */
export async function renewForeign(
  held: Held,
  { registry, openStore }: Pick<Keeper, "registry" | "openStore">,
  limitMilliseconds?: number,
): Promise<Held> {
  const { account, secret } = held;
  if (account.fingerprint === undefined || hasFingerprint(secret, account.fingerprint)) return held;
  if ((await openStore(account.store)).isReadOnly !== true) return held;
  try {
    const accounts = await registry.update(
      (all) => all.map((other) => (isSameRecord(other, account) ? renewed(other, held) : other)),
      limitMilliseconds,
    );
    const now = accounts.find((other) => isSameRecord(other, account));
    return { ...held, account: now ?? renewed(account, held) };
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    // Not written down, it is noticed again the next time.
    return { ...held, account: renewed(account, held) };
  }
}

function renewed(account: Account, { secret }: Held): Account {
  return {
    ...account,
    reason: undefined,
    refusals: undefined,
    validated: undefined,
    checked: undefined,
    unreached: undefined,
    expires: undefined,
    scopes: undefined,
    state: "unverified",
    fingerprint: fingerprint(secret),
    superseded: supersede(account),
  };
}
