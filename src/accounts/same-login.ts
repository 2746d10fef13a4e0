// Whether two logins are one: a new one then takes the place of the old, and beside it both would fit alike.
import type { Secret } from "../secret.ts";
import { type Account, accountState, scopeText } from "./account.ts";
import { hasFingerprint } from "./fingerprint.ts";
import { madeAccounts } from "./learned.ts";

type User = Pick<Account, "username" | "email">;

/** A login before it is an account. */
export interface Login extends User, Pick<Account, "host" | "kind" | "scope"> {
  readonly secret: Secret;
}

/**
 * For the same host, kind and scope: an access token always, since it belongs to the scope; any other of the same user. The
 * very token is the same login as well, whoever it was known to belong to.
 */
export function isSameLogin(account: Account, login: Login): boolean {
  return (
    account.host === login.host &&
    account.kind === login.kind &&
    scopeText(account.scope) === scopeText(login.scope) &&
    (login.kind === "access-token" ||
      isSameUser(account, login) ||
      isTokenOf(account, login.secret))
  );
}

/** @returns false for kinds that have no fingerprint. */
export function isTokenOf({ fingerprint }: Account, secret: Secret): boolean {
  return fingerprint !== undefined && hasFingerprint(secret, fingerprint);
}

/** Unlike git's report of a success, a login may bring a second person's token: who is not known is not the same. */
function isSameUser(one: User, other: User): boolean {
  if (one.username !== undefined && other.username !== undefined)
    return one.username === other.username;
  return one.email !== undefined && one.email.toLowerCase() === other.email?.toLowerCase();
}

/**
 * @param now milliseconds since 1970.
 * @returns an account of somebody else that answers for every repository already: two would fit alike.
 */
export function findConflict(
  accounts: readonly Account[],
  user: User & { readonly host: string; readonly renews?: Account | undefined },
  now: number,
): Account | undefined {
  return madeAccounts(accounts).find(
    (account) =>
      account.host === user.host &&
      account.scope.level === "host" &&
      account.name !== user.renews?.name &&
      ["approved", "unverified"].includes(accountState(account, now)) &&
      !isSameUser(account, user),
  );
}
