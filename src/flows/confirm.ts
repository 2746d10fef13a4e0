// A secret that we hold is reported again: what git knows of it that we do not is taken over. An expiry or a refresh token
// may come later than the secret itself: git before 2.40 passes neither on, and another client on this machine may.
import type { Account } from "../accounts/account.ts";
import { isLearned } from "../accounts/learned.ts";
import type { Report } from "../accounts/target.ts";
import type { Secret } from "../secret.ts";
import { readRefreshToken } from "../secrets/read.ts";
import { rotate } from "../secrets/rotate.ts";
import { isoInstant } from "../accounts/expiry-instant.ts";
import type { Context } from "./context.ts";

/**
 * @param approval what git's success changes besides; undefined for nothing.
 * Writes only when something changes. In CI no secret is written: the job's refresh token is not the next one's.
 * Throws what stores and registry throw.
 */
export async function confirm(
  account: Account,
  report: Report,
  approval: ((account: Account) => Account) | undefined,
  context: Context,
): Promise<void> {
  if (!context.learns && isLearned(account)) return;
  const expires = newExpiry(account, report);
  const refreshToken = context.learns
    ? await newRefreshToken(account, report.oauthRefreshToken, context)
    : undefined;
  if (approval === undefined && expires === undefined && refreshToken === undefined) return;
  const change = (current: Account): Account => ({
    ...(approval === undefined ? current : approval(current)),
    ...(expires !== undefined && { expires }),
  });
  await rotate(account, refreshToken, change, context);
}

/** @returns the instant when git reports another than is known. */
function newExpiry(account: Account, { passwordExpiry }: Report): string | undefined {
  const expires = isoInstant(passwordExpiry);
  if (expires === undefined) return undefined;
  const known = account.expires === undefined ? undefined : Date.parse(account.expires);
  return known === Date.parse(expires) ? undefined : expires;
}

/** Git hands back the one that it got from us, at every success. */
async function newRefreshToken(
  account: Account,
  reported: Secret | undefined,
  context: Context,
): Promise<Secret | undefined> {
  if (reported === undefined || reported.length === 0) return undefined;
  const known = await readRefreshToken(account, context);
  return known?.equals(reported) === true ? undefined : reported;
}
