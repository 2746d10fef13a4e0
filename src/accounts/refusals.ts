// Git's word that an account's token was refused, while Bitbucket itself has said nothing about it. Git also sends `erase`
// when Bitbucket answers 401 by mistake or a redirect failed: so it is a reason to ask, and no proof against the token.
import type { Account } from "./account.ts";

/** Refusals that, so close together, leave an account doubtful. */
const manyRefusals = 3;
const closeMilliseconds = 10 * 60_000;
/** Between a check that learned nothing and the next one. */
const shortestPause = 10_000;
const longestPause = 60 * 60_000;

type Refused = Pick<Account, "refusals">;

/**
 * @param now milliseconds since 1970.
 * @returns the account with one refusal more: the first, from which the pauses between checks grow, and the last three are
 * kept. A doubtful account stays as it is, so that later refusals, further apart, do not end the doubt.
 */
export function refuse(account: Account, now: number): Account {
  if (isDoubtful(account, now)) return account;
  const [first, ...later] = [...past(account, now), now].map((at) => new Date(at).toISOString());
  if (first === undefined) return account;
  const last = later.slice(-manyRefusals);
  return { ...account, refusals: [first, ...last] };
}

/** Whether git was refused with the token since Bitbucket accepted it. */
export function isRefused(account: Refused, now: number): boolean {
  return past(account, now).length > 0;
}

/** Whether git was refused so often that any other account that fits is the better one. */
export function isDoubtful(account: Refused, now: number): boolean {
  const last = past(account, now).slice(-manyRefusals);
  const [first = 0] = last;
  return last.length === manyRefusals && (last.at(-1) ?? 0) - first <= closeMilliseconds;
}

/**
 * Whether a refused account is to be checked again. The first refusal starts a check at once; the pause after each check
 * is as long as the time before it, and a little more.
 */
export function isCheckOfRefusedDue(
  account: Pick<Account, "refusals" | "checked">,
  now: number,
): boolean {
  const [first] = past(account, now);
  if (first === undefined) return false;
  const checked = account.checked === undefined ? first : Date.parse(account.checked);
  const last = checked > now ? first : Math.max(checked, first);
  return now - last >= Math.min(last - first + shortestPause, longestPause);
}

/** Whether a check because of a refusal has just begun: git asks and reports in many processes at once. */
export function isCheckOfRefusedFresh(
  account: Pick<Account, "refusals" | "checked">,
  now: number,
): boolean {
  const [first] = past(account, now);
  if (first === undefined || account.checked === undefined) return false;
  const checked = Date.parse(account.checked);
  return checked >= first && checked <= now && now - checked < shortestPause;
}

/** @returns the refusals in order; one of a time that is still to come is of a clock that was wrong, and is none. */
function past({ refusals = [] }: Refused, now: number): readonly number[] {
  return refusals
    .map((instant) => Date.parse(instant))
    .filter((instant) => instant <= now)
    .toSorted((one, other) => one - other);
}
