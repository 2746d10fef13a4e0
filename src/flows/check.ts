// Asks Bitbucket about an account's token and records what it said. Spec, section 5.
import { type Account, isSameRecord } from "../accounts/account.ts";
import { applyVerdict } from "../accounts/apply-verdict.ts";
import { forgetSecret } from "../secrets/forget.ts";
import { isLearned } from "../accounts/learned.ts";
import { isCheckOfRefusedDue, isRefused } from "../accounts/refusals.ts";
import { doubtAboutHost } from "../servers/cloud/doubt.ts";
import type { Verdict } from "../servers/cloud/verdict.ts";
import type { Secret } from "../secret.ts";
import type { Settings } from "../settings/settings.ts";
import type { Context } from "./context.ts";
import type { RepositoryName } from "../servers/cloud/repository-url.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
/** After a check that learned nothing, the next one waits: Bitbucket or the network is having a bad time. */
const pauseAfterUnknown = 5 * minute;

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
  const verdict =
    doubtAboutHost(account.host) ??
    (await context.validate({
      secret,
      kind: account.kind,
      email: account.email,
      emailCertain: account.emailConfirmed,
      repository,
    }));
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

// Of logins that git reported none is checked: git's own 401 ends one, and a stranger's secret is sent nowhere else.

export interface CheckRules {
  readonly settings: Pick<Settings, "validate">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Whether the secret must be checked before it is served. One that git was refused with was served before: it is checked
 * in the background, so that nobody waits for a Bitbucket that has a bad day.
 */
export function isCheckNeeded(account: Account, context: CheckRules): boolean {
  if (isLearned(account) || context.settings.validate === "never") return false;
  if (account.state === "rejected") return false;
  if (context.settings.validate === "always") return true;
  if (account.state !== "unverified" || isRefused(account, context.now())) return false;
  return isRested(account, context.now());
}

/** Whether an account has gone a day without a check, or after git's refusal as long as refusals.ts says. */
export function isCheckDue(account: Account, context: CheckRules): boolean {
  if (isLearned(account) || context.settings.validate === "never") return false;
  if (isRefused(account, context.now())) return isCheckOfRefusedDue(account, context.now());
  return context.now() - instant(account.checked) >= day;
}

/** Whether the last check learned something, or is long enough ago. */
export function isRested(account: Account, now: number): boolean {
  return (
    account.checked === account.validated || now - instant(account.checked) >= pauseAfterUnknown
  );
}

function instant(text: string | undefined): number {
  return text === undefined ? Number.NEGATIVE_INFINITY : Date.parse(text);
}
