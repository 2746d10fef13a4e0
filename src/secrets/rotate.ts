// Gives an account another refresh token, and its record what goes with it.
import { type Account, isSameRecord, refreshKey } from "../accounts/account.ts";
import type { Secret } from "../secret.ts";
import type { Keeper } from "./keeper.ts";

/**
 * @param refreshToken undefined where it stays as it is.
 * @param change made to the account's record, if it still has the same secret.
 * Throws what store and registry throw.
 */
export async function rotate(
  account: Account,
  refreshToken: Secret | undefined,
  change: (account: Account) => Account,
  { registry, openStore }: Keeper,
): Promise<void> {
  const store = refreshToken === undefined ? undefined : await openStore(account.store);
  const isKept = refreshToken !== undefined && store !== undefined && store.isReadOnly !== true;
  if (isKept) await store.set(refreshKey(account), refreshToken);
  const now = await registry.update((accounts) =>
    accounts.map((other) => {
      if (!isSameRecord(other, account)) return other;
      return isKept ? { ...change(other), hasRefreshToken: true } : change(other);
    }),
  );
  // Renewed meanwhile: the secret it belongs to is gone, and nobody would ever delete it.
  if (isKept && !now.some((other) => isSameRecord(other, account)))
    await store.delete(refreshKey(account));
}
