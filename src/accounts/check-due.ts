// When a token is to be checked with Bitbucket: before it is served, after, or not now. Of logins that git reported none is:
// git's own 401 ends one, and a stranger's secret is sent nowhere else. docs/design.md, "Verdicts".
import { type Account, isDead } from "./account.ts";
import { isLearned } from "./learned.ts";
import { isCheckOfRefusedDue, isRefused } from "./refusals.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
/** After a check that learned nothing, the next one waits: Bitbucket or the network is having a bad time. */
const pauseAfterUnknown = 5 * minute;

/** The values of credential.bitbucketValidate. */
export type Validate = "first-use" | "always" | "never";

/**
 * Whether the secret must be checked before it is served. One that git was refused with was served before: it is checked
 * in the background, so that nobody waits for a Bitbucket that has a bad day.
 * @param now milliseconds since 1970.
 */
export function isCheckNeeded(account: Account, validate: Validate, now: number): boolean {
  if (isLearned(account) || validate === "never") return false;
  if (account.state === "rejected") return false;
  if (validate === "always") return true;
  return account.state === "unverified" && !isRefused(account, now) && isRested(account, now);
}

/** Whether an account has gone a day without a check, or after git's refusal as long as refusals.ts says. */
export function isCheckDue(account: Account, validate: Validate, now: number): boolean {
  if (isLearned(account) || validate === "never") return false;
  if (isRefused(account, now)) return isCheckOfRefusedDue(account, now);
  return sinceCheck(account, now) >= day;
}

/** Whether the account's secret can be served at once, with nothing to do before or after. */
export function isReady(account: Account, validate: Validate, now: number): boolean {
  if (isDead(account, now)) return false;
  return !isCheckNeeded(account, validate, now) && !isCheckDue(account, validate, now);
}

/** Whether the last check learned something, or is long enough ago. */
export function isRested(account: Account, now: number): boolean {
  return account.checked === account.validated || sinceCheck(account, now) >= pauseAfterUnknown;
}

/** A time that is still to come was taken from a clock that was wrong: it counts as never. */
function sinceCheck({ checked }: Account, now: number): number {
  const since = checked === undefined ? Number.NaN : now - Date.parse(checked);
  return since >= 0 ? since : Number.POSITIVE_INFINITY;
}
