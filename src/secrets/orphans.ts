// Secrets that no account names: a process that is killed between the two writes of a login leaves one, and its token lives.
import { HelperError } from "../errors.ts";
import { refreshKey } from "../accounts/account.ts";
import type { Keeper } from "./keeper.ts";

/** A keychain is shared with whoever has other accounts files: what none of ours names may be theirs. */
const store = "file";

/**
 * Nothing is an orphan while any process keeps a secret: it may just be about to name it.
 *
 * @returns their keys in the file store. Throws what store and registry throw.
 */
export async function findOrphans({ openStore, registry }: Keeper): Promise<readonly string[]> {
  // In this order: whoever has written a secret by now is either still at it, or has named it.
  const keys = await (await openStore(store)).list();
  if (keys.length === 0 || registry.isAnybodyKeeping()) return [];
  const accounts = await registry.read();
  const named = new Set(accounts.flatMap((account) => [account.secretKey, refreshKey(account)]));
  return keys.filter((key) => !named.has(key));
}

/** Deletes them. @returns how many there were; none where the store does not answer. */
export async function sweepOrphans(keeper: Keeper): Promise<number> {
  try {
    const orphans = await findOrphans(keeper);
    const files = await keeper.openStore(store);
    for (const key of orphans) await files.delete(key);
    return orphans.length;
  } catch (error) {
    if (error instanceof HelperError) return 0;
    throw error;
  }
}
