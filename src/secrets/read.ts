// Reads what an account's store holds for it.
import { type Account, refreshKey } from "../accounts/account.ts";
import { hasFingerprint } from "../accounts/fingerprint.ts";
import type { Secret } from "../secret.ts";
import type { Keeper } from "./keeper.ts";

/** An account with its secrets. */
export interface Held {
  readonly account: Account;
  readonly secret: Secret;
  readonly oauthRefreshToken?: Secret | undefined;
}

/** @returns undefined when the secret is not there. Throws what the store throws when it cannot tell. */
export async function readSecret(
  account: Account,
  { openStore }: Pick<Keeper, "openStore">,
): Promise<Secret | undefined> {
  return await (await openStore(account.store)).get(account.secretKey);
}

/** As readSecret, with the refresh token where the account has one. */
export async function readHeld(
  account: Account,
  { openStore }: Pick<Keeper, "openStore">,
): Promise<Held | undefined> {
  const store = await openStore(account.store);
  const secret = await store.get(account.secretKey);
  if (secret === undefined) return undefined;
  return { account, secret, oauthRefreshToken: await readRefreshToken(account, { openStore }) };
}

/** @returns undefined where the account has none. Throws what the store throws. */
export async function readRefreshToken(
  account: Account,
  { openStore }: Pick<Keeper, "openStore">,
): Promise<Secret | undefined> {
  if (account.hasRefreshToken !== true) return undefined;
  return await (await openStore(account.store)).get(refreshKey(account));
}

/** Whether the account's secret is this one: by its fingerprint when it has one, else by reading the store. */
export async function holdsSecret(
  account: Account,
  secret: Secret,
  keeper: Pick<Keeper, "openStore">,
): Promise<boolean> {
  if (account.fingerprint !== undefined) return hasFingerprint(secret, account.fingerprint);
  return (await readSecret(account, keeper))?.equals(secret) ?? false;
}
