// Many git processes use an account for the first time at once: one of them asks Bitbucket, and the others wait for it.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Account, isSameRecord } from "../accounts/account.ts";
import { isCheckNeeded } from "../accounts/check-due.ts";
import { HelperError } from "../errors.ts";
import { directories } from "../files/directories.ts";
import { withLock } from "../files/lock.ts";
import type { Context } from "./context.ts";

/** A little more than a check for git may take. */
const patienceMilliseconds = 6000;

/**
 * @param check asks Bitbucket about the account and writes down what it said.
 * @returns what check gives, or the account as another process has left it meanwhile. Where nobody can meet, since nothing
 * can be written, or one takes too long, each asks for itself. Throws what check and registry throw.
 */
export async function checkOnce<T>(
  account: Account,
  context: Context,
  check: () => Promise<T>,
): Promise<T | Account> {
  let hasBegun = false;
  const inTurn = async (): Promise<T | Account> => {
    hasBegun = true;
    const accounts = await context.registry.read();
    const now = accounts.find((other) => isSameRecord(other, account));
    const isDone =
      now !== undefined && !isCheckNeeded(now, context.settings.validate, context.now());
    return isDone ? now : await check();
  };
  try {
    return await withLock(
      lockOf(account, context),
      inTurn,
      patienceMilliseconds,
      patienceMilliseconds,
    );
  } catch (error) {
    if (hasBegun || !(error instanceof HelperError)) throw error;
    return await check();
  }
}

function lockOf({ secretKey }: Account, { outside }: Context): string {
  const digest = createHash("sha256").update(secretKey).digest("hex").slice(0, 16);
  return join(directories(outside.env, outside.platform).data, `check-${digest}.lock`);
}
