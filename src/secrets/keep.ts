// Keeps a secret as an account: the new secret is in its store before the registry points to it, and the old one goes last.
// So a crash leaves the old account or the new one, and at worst a secret that no account names: see orphans.ts.
import { randomBytes } from "node:crypto";
import { HelperError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { type Account, refreshKey } from "../accounts/account.ts";
import { fingerprint } from "../accounts/fingerprint.ts";
import { type AccountDraft, type Recorded, recordAccount } from "../accounts/record.ts";
import { deleteSecrets, forgetSecret } from "./forget.ts";
import type { Keeper } from "./keeper.ts";
import type { Label, Store } from "./stores/store.ts";

/** What is known of an account before its secret has a place. */
export type AccountFacts = Omit<AccountDraft, "secretKey" | "hasRefreshToken" | "fingerprint">;

/**
 * @param findFormer the account that the new one replaces, if any; called under the registry's lock.
 * @returns the account as recorded. Throws what the store and the registry throw; then nothing has changed. What the
 * registry names once is kept, whatever fails after.
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
  const secretKey = newKey(facts);
  const draft: AccountDraft = {
    ...facts,
    secretKey,
    fingerprint: fingerprint(secret),
    ...(refreshToken !== undefined && { hasRefreshToken: true }),
  };
  return await keeper.registry.whileKeeping(`${store.name}\n${secretKey}`, () =>
    write(draft, { secret, refreshToken }, store, findFormer, keeper),
  );
}

/**
 * Keeps an account whose secret lies in a store of others: nothing is written there.
 * @param keyOf where it lies, given what makes the key one of a kind.
 * @param findFormer as for keepAccount. Throws what the registry throws; then nothing has changed.
 */
export async function keepForeign(
  facts: AccountFacts,
  keyOf: (id: string) => string,
  secret: Secret,
  keeper: Keeper,
  findFormer: (accounts: readonly Account[]) => Account | undefined,
): Promise<Account> {
  const draft = { ...facts, secretKey: keyOf(newKey(facts)), fingerprint: fingerprint(secret) };
  let recorded: Recorded | undefined;
  await keeper.registry.update((accounts) => {
    recorded = recordAccount(accounts, draft, keeper.now(), findFormer(accounts)?.name);
    return recorded.accounts;
  });
  if (recorded === undefined) throw new HelperError("registry", "the account was not recorded");
  if (recorded.former !== undefined) await forgetSecret(recorded.former, keeper);
  return recorded.account;
}

function newKey({ name, kind }: Pick<AccountFacts, "name" | "kind">): string {
  return `${name ?? kind}/${randomBytes(6).toString("hex")}`;
}

async function write(
  draft: AccountDraft,
  { secret, refreshToken }: { readonly secret: Secret; readonly refreshToken: Secret | undefined },
  store: Store,
  findFormer: (accounts: readonly Account[]) => Account | undefined,
  keeper: Keeper,
): Promise<Account> {
  const { secretKey } = draft;
  let recorded: Recorded | undefined;
  try {
    await store.set(secretKey, secret, labelOf(draft));
    if (refreshToken !== undefined) await store.set(refreshKey(draft), refreshToken);
    await keeper.registry.update((accounts) => {
      recorded = recordAccount(accounts, draft, keeper.now(), findFormer(accounts)?.name);
      return recorded.accounts;
    });
  } catch (error) {
    const isCommitted = await isNamed(secretKey, keeper);
    if (isCommitted === false) await withdraw(draft, store);
    if (isCommitted !== true) throw error;
  }
  if (recorded === undefined) throw new HelperError("registry", "the account was not recorded");
  if (recorded.former !== undefined) await forgetSecret(recorded.former, keeper);
  return recorded.account;
}

/**
 * Puts an account's secret back where its store has lost it. Throws what the store throws.
 * @param secret known to be the account's.
 */
export async function restoreSecret(
  account: Account,
  secret: Secret,
  { openStore }: Pick<Keeper, "openStore">,
): Promise<void> {
  const store = await openStore(account.store);
  if (store.isReadOnly === true) return;
  // Without opening any secret: git reports each success.
  if (!(await store.list()).includes(account.secretKey))
    await store.set(account.secretKey, secret, labelOf(account));
}

function labelOf({
  gitUsername,
  host,
  scope,
}: Pick<Account, "gitUsername" | "host" | "scope">): Label {
  const parts = Object.entries(scope).map(([name, part]) => (name === "level" ? "" : `/${part}`));
  return { username: gitUsername, url: `https://${host}${parts.join("")}` };
}

/** @returns undefined where nobody can tell. */
async function isNamed(secretKey: string, { registry }: Keeper): Promise<boolean | undefined> {
  try {
    return (await registry.read()).some((account) => account.secretKey === secretKey);
  } catch {
    return undefined;
  }
}

/** What cannot be deleted is an orphan; the failure before counts. */
async function withdraw(draft: AccountDraft, store: Store): Promise<void> {
  await deleteSecrets(draft, store).catch(() => {});
}
