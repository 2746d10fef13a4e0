// What a URL becomes when its login is taken out: plain, with a username only where the account that should answer needs
// to be named. docs/design.md, "Accounts and their choice".
import type { Account } from "../../accounts/account.ts";
import { chooseAccount } from "../../accounts/choose.ts";
import { readTarget, type Target } from "../../accounts/target.ts";
import { type LoginUrl, plainUrl } from "./login-url.ts";

/**
 * @param meant name of the account that has the URL's secret; undefined when it is dead.
 * @param now milliseconds since 1970.
 */
export function newUrl(
  url: LoginUrl,
  meant: string | undefined,
  accounts: readonly Account[],
  now: number,
): string {
  const answers = (username: string | undefined): string | undefined =>
    chooseAccount(targetOf(url, username), accounts, now).account?.name;
  const wanted = meant ?? answers(url.username);
  const username =
    wanted === undefined
      ? undefined
      : [undefined, url.username, wanted].find((name) => answers(name) === wanted);
  return plainUrl(url, username);
}

/** Whether a username keeps every account from answering: without it, one would. */
export function isDeadUsername(url: LoginUrl, accounts: readonly Account[], now: number): boolean {
  if (url.username === undefined || url.secret !== undefined) return false;
  const named = chooseAccount(targetOf(url, url.username), accounts, now);
  return (
    named.account === undefined &&
    named.miss === "other-users" &&
    chooseAccount(targetOf(url, undefined), accounts, now).account !== undefined
  );
}

function targetOf({ host, path }: LoginUrl, username: string | undefined): Target {
  return readTarget({ host, path, username });
}
