// Forgets secrets, and accounts with them. A refresh token goes with its secret whether the record knows of it or not: git
// may have reported one a moment ago.
import { type Account, isSameRecord, refreshKey } from "../accounts/account.ts";
import { HelperError } from "../errors.ts";
import type { Keeper } from "./keeper.ts";
import type { Store } from "./stores/store.ts";

/** Deletes the secret and the refresh token of one key, where the store lets us. Throws what the store throws. */
export async function deleteSecrets(
  account: Pick<Account, "secretKey">,
  store: Store,
): Promise<void> {
  if (store.isReadOnly === true) return;
  await store.delete(account.secretKey);
  await store.delete(refreshKey(account));
}

/** Deletes a secret that no account names any more. A store that does not answer keeps it: unused, but not lost. */
export async function forgetSecret(account: Account, keeper: Keeper): Promise<void> {
  try {
    await deleteSecrets(account, await keeper.openStore(account.store));
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
  }
}

/** Forgets logins that git reported, with all they have in their stores: nothing about them is worth a second thought. */
export async function forgetLearned(gone: readonly Account[], keeper: Keeper): Promise<void> {
  if (gone.length === 0) return;
  for (const account of gone) await forgetSecret(account, keeper);
  await keeper.registry.update((accounts) =>
    accounts.filter((account) => !gone.some((other) => isSameRecord(account, other))),
  );
}

/**
 * Forgets an account that a person names. The secret goes first: should the rest fail, the account still stands in `status`
 * and can be forgotten again, while a secret that no account names would lie there for ever.
 * Throws what store and registry throw; a store that does not answer keeps the account.
 */
export async function forgetAccount(account: Account, keeper: Keeper): Promise<void> {
  try {
    await deleteSecrets(account, await keeper.openStore(account.store));
  } catch (error) {
    if (!(error instanceof HelperError) || error.code !== "store-unavailable") throw error;
    // The hint of the store helps new secrets only.
    throw new HelperError(error.code, `account '${account.name}' is kept: ${error.message}`, {
      hint: "git credential-bitbucket doctor",
      cause: error,
    });
  }
  const left = await keeper.registry.update((accounts) =>
    accounts.filter((other) => !isSameRecord(other, account)),
  );
  // Renewed meanwhile: what the person wants forgotten is the account.
  const renewed = left.find(({ name }) => name === account.name);
  if (renewed !== undefined) await forgetAccount(renewed, keeper);
}
