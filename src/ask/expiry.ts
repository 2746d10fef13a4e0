// When a token expires, as a person says it. Bitbucket never tells: it is asked or given.
import { HelperError } from "../errors.ts";

const day = 86_400_000;
/** Atlassian: an API token lives a year at most, and a year by default. */
const apiTokenDays = 365;

/**
 * `2027-11-22` and `90d` mean the end of that day, UTC: a token is served on its last day. `never` and an empty text mean
 * that it does not expire.
 * @param now milliseconds since 1970.
 * @returns an ISO 8601 instant. Throws HelperError `usage` for anything else, and for the past.
 */
export function parseExpiry(text: string, now: number): string | undefined {
  const plain = text.trim().toLowerCase();
  if (plain === "" || plain === "never") return undefined;
  const days = /^(\d{1,5})d$/u.exec(plain)?.[1];
  const end = days === undefined ? endOfDay(plain) : endOfDay(isoDay(now + Number(days) * day));
  if (end === undefined)
    throw usage("expires is a date like 2027-11-22, a number of days like 90d, or never");
  if (end <= now) throw usage("that date is past: the token has expired");
  return new Date(end).toISOString();
}

/** The last day of an API token made today: `2027-11-22`. */
export function longestExpiry(now: number): string {
  return isoDay(now + apiTokenDays * day);
}

function isoDay(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** @returns undefined for what is no day of the calendar. */
function endOfDay(text: string): number | undefined {
  const start = /^\d{4}-\d\d-\d\d$/u.test(text) ? Date.parse(text) : Number.NaN;
  // Date.parse takes the 30th of February for the 1st of March.
  return Number.isNaN(start) || isoDay(start) !== text ? undefined : start + day - 1000;
}

function usage(message: string): HelperError {
  return new HelperError("usage", message, { hint: "git credential-bitbucket help login" });
}
