// Whether an account's secret is this one: by its fingerprint when it has one, else by reading the store.
import type { Account } from "../accounts/account.ts";
import { hasFingerprint } from "../accounts/fingerprint.ts";
import type { Secret } from "../secret.ts";
import type { Context } from "./context.ts";

/** Throws what the store throws when it cannot tell. */
export async function holdsSecret(
  account: Account,
  secret: Secret,
  context: Pick<Context, "openStore">,
): Promise<boolean> {
  if (account.fingerprint !== undefined) return hasFingerprint(secret, account.fingerprint);
  const stored = await (await context.openStore(account.store)).get(account.secretKey);
  return stored?.equals(secret) ?? false;
}
