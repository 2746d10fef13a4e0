// Where a new secret's account goes in the list: a renewed one, one already there, or a new one.
import type { Account } from "./account.ts";
import { nameAccount } from "./account-name.ts";

/** An account before it is recorded: a name of its own is optional, dates and history are not its business. */
export type AccountDraft = Omit<Account, "name" | "created" | "superseded"> & {
  readonly name?: string | undefined;
};

export interface Recorded {
  readonly accounts: readonly Account[];
  readonly account: Account;
  /** What stood under the name before. */
  readonly former?: Account | undefined;
}

const supersededKept = 5;

/**
 * @param now milliseconds since 1970.
 * @param renews name of the account whose secret and facts are replaced; its name and its date stay.
 */
export function recordAccount(
  accounts: readonly Account[],
  draft: AccountDraft,
  now: number,
  renews?: string,
): Recorded {
  const former = accounts.find((account) => account.name === renews);
  if (former === undefined) {
    const name = nameAccount(
      draft,
      accounts.map((account) => account.name),
    );
    const account = { ...draft, name, created: new Date(now).toISOString() };
    return { accounts: [...accounts, account], account };
  }
  const account = {
    ...draft,
    name: former.name,
    created: former.created,
    superseded: supersede(former),
  };
  return {
    accounts: accounts.map((other) => (other === former ? account : other)),
    account,
    former,
  };
}

/** Git processes that started with the former secret may still report its success. */
export function supersede(former: Account): readonly string[] {
  const all = [...(former.superseded ?? []), former.fingerprint];
  return all.filter((known) => known !== undefined).slice(-supersededKept);
}
