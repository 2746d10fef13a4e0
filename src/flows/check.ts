// Asks Bitbucket about an account's token and records what it said. docs/design.md, "Verdicts".
import { type Account, isSameRecord, scopeText } from "../accounts/account.ts";
import { madeAccounts } from "../accounts/learned.ts";
import { isTokenOf } from "../accounts/same-login.ts";
import { applyVerdict } from "../accounts/apply-verdict.ts";
import { HelperError } from "../errors.ts";
import { forgetSecret } from "../secrets/forget.ts";
import type { Verdict } from "../servers/verdict.ts";
import type { Secret } from "../secret.ts";
import type { Context } from "./context.ts";
import type { RepositoryName } from "../servers/repository-path.ts";

export interface Checked {
  /** As Bitbucket's answer leaves it, whether that could be written down or not. */
  readonly account: Account;
  readonly verdict: Verdict;
  /** False when the account has another secret by now, or is gone: then the answer says nothing about it. */
  readonly isCurrent: boolean;
  /** Why the answer is not written down: the next check learns it again. */
  readonly unwritten?: HelperError;
}

/**
 * Never throws for what the network or Bitbucket does: that is the verdict `unknown`. Nor for an accounts file that cannot be
 * written: what was learned counts all the same.
 * A token that Bitbucket itself rejected is deleted from its store; the account stays, to say so.
 *
 * @param limitMilliseconds how long the lock of the accounts file is waited for.
 */
export async function checkAccount(
  account: Account,
  secret: Secret,
  context: Pick<Context, "validate" | "registry" | "openStore" | "now">,
  repository?: RepositoryName,
  limitMilliseconds?: number,
): Promise<Checked> {
  const { kind, host, email, emailConfirmed: emailCertain } = account;
  const verdict = await context.validate(host, { secret, kind, email, emailCertain, repository });
  const learn = (other: Account): Account =>
    applyVerdict(other, verdict, context.now(), repository);
  try {
    const accounts = await context.registry.update(
      (current) =>
        current.map((other) =>
          isSameRecord(other, account) ? keepApart(other, learn(other), current, secret) : other,
        ),
      limitMilliseconds,
    );
    const now = accounts.find((other) => isSameRecord(other, account));
    if (now !== undefined && verdict.outcome === "rejected") await forgetSecret(now, context);
    return { account: now ?? learn(account), verdict, isCurrent: now !== undefined };
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    return { account: learn(account), verdict, isCurrent: true, unwritten: error };
  }
}

/** Widened to what another account with the same token is for, both would fit alike: then the scope stays as it was. */
function keepApart(
  before: Account,
  after: Account,
  accounts: readonly Account[],
  secret: Secret,
): Account {
  const { scope, scopeGuessed, projectRepositories } = before;
  if (scopeText(scope) === scopeText(after.scope)) return after;
  const isTaken = madeAccounts(accounts).some(
    (other) =>
      other.host === before.host &&
      scopeText(other.scope) === scopeText(after.scope) &&
      isTokenOf(other, secret),
  );
  return isTaken ? { ...after, scope, scopeGuessed, projectRepositories } : after;
}
