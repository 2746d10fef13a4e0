// Keeps a secret as an account: the new secret is in its store before the registry points to it, and the old one goes last.
// So a crash leaves the old account or the new one, and at worst a secret that no account names.
import { randomBytes } from "node:crypto";
import { HelperError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import type { Store, StoreName } from "./stores/store.ts";
import { type Account, refreshKey, isSameRecord } from "../accounts/account.ts";
import { fingerprint } from "../accounts/fingerprint.ts";
import { type AccountDraft, type Recorded, recordAccount } from "../accounts/record.ts";
import type { Registry } from "../accounts/registry.ts";

/** What is known of an account before its secret has a place. */
export type AccountFacts = Omit<AccountDraft, "secretKey" | "hasRefreshToken" | "fingerprint">;

export interface Keeper {
  readonly registry: Registry;
  readonly openStore: (name: StoreName) => Promise<Store>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * @param findFormer the account that the new one replaces, if any; called under the registry's lock.
 * @returns the account as recorded. Throws what the store and the registry throw; then nothing has changed.
 */
export async function keepAccount(
  facts: AccountFacts,
  secret: Secret,
  keeper: Keeper,
  findFormer: (accounts: readonly Account[]) => Account | undefined = () => undefined,
  refreshToken?: Secret,
): Promise<Account> {
  const store = await keeper.openStore(facts.store);
  const secretKey = `${facts.name ?? facts.kind}/${randomBytes(6).toString("hex")}`;
  const draft: AccountDraft = {
    ...facts,
    secretKey,
    fingerprint: fingerprint(secret),
    ...(refreshToken !== undefined && { hasRefreshToken: true }),
  };
  await store.set(secretKey, secret);
  if (refreshToken !== undefined) await store.set(refreshKey(draft), refreshToken);
  let recorded: Recorded | undefined;
  try {
    await keeper.registry.update((accounts) => {
      recorded = recordAccount(accounts, draft, keeper.now(), findFormer(accounts)?.name);
      return recorded.accounts;
    });
  } catch (error) {
    await deleteSecrets(draft, store);
    throw error;
  }
  if (recorded === undefined) throw new HelperError("registry", "the account was not recorded");
  if (recorded.former !== undefined) await forgetSecret(recorded.former, keeper);
  return recorded.account;
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

async function deleteSecrets(account: AccountDraft, store: Store): Promise<void> {
  await store.delete(account.secretKey);
  if (account.hasRefreshToken === true) await store.delete(refreshKey(account));
}
