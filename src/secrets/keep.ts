// Keeps a secret as an account: the new secret is in its store before the registry points to it, and the old one goes last.
// So a crash leaves the old account or the new one, and at worst a secret that no account names.
import { randomBytes } from "node:crypto";
import { HelperError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { type Account, refreshKey } from "../accounts/account.ts";
import { fingerprint } from "../accounts/fingerprint.ts";
import { type AccountDraft, type Recorded, recordAccount } from "../accounts/record.ts";
import { deleteSecrets, forgetSecret } from "./forget.ts";
import type { Keeper } from "./keeper.ts";

/** What is known of an account before its secret has a place. */
export type AccountFacts = Omit<AccountDraft, "secretKey" | "hasRefreshToken" | "fingerprint">;

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
  if (store.isReadOnly === true)
    throw new HelperError("store-unavailable", `the ${store.name} store takes no new secrets`, {
      hint: "git credential-bitbucket login --store file",
    });
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
