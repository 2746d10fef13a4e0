// Whether an account's secret is this one: by its fingerprint when it has one, else by reading the store.
import type { Account } from "../accounts/account.ts";
import { hasFingerprint } from "../accounts/fingerprint.ts";
import type { Secret } from "../secret.ts";
import type { Ports } from "./context.ts";

/** Throws what the store throws when it cannot tell. */
export async function holdsSecret(
  account: Account,
  secret: Secret,
  ports: Pick<Ports, "openStore">,
): Promise<boolean> {
  if (account.fingerprint !== undefined) return hasFingerprint(secret, account.fingerprint);
  const stored = await (await ports.openStore(account.store)).get(account.secretKey);
  return stored?.equals(secret) ?? false;
}
