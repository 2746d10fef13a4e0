// Asks Bitbucket about an account's token and records what it said. docs/design.md, "Verdicts".
import { type Account, isSameRecord } from "../accounts/account.ts";
import { applyVerdict } from "../accounts/apply-verdict.ts";
import { forgetSecret } from "../secrets/forget.ts";
import type { Verdict } from "../servers/verdict.ts";
import type { Secret } from "../secret.ts";
import type { Context } from "./context.ts";
import type { RepositoryName } from "../servers/repository-path.ts";

export interface Checked {
  readonly account: Account;
  readonly verdict: Verdict;
}

/**
 * Never throws for what the network or Bitbucket does: that is the verdict `unknown`.
 * A token that Bitbucket itself rejected is deleted from its store; the account stays, to say so.
 */
export async function checkAccount(
  account: Account,
  secret: Secret,
  context: Pick<Context, "validate" | "registry" | "openStore" | "now">,
  repository?: RepositoryName,
): Promise<Checked> {
  const { kind, host, email, emailConfirmed: emailCertain } = account;
  const verdict = await context.validate(host, { secret, kind, email, emailCertain, repository });
  const accounts = await context.registry.update((current) =>
    current.map((other) =>
      isSameRecord(other, account)
        ? applyVerdict(other, verdict, context.now(), repository)
        : other,
    ),
  );
  const now = accounts.find((other) => isSameRecord(other, account));
  if (now !== undefined && verdict.outcome === "rejected") await forgetSecret(now, context);
  return { account: now ?? account, verdict };
}
