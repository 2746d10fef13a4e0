// erase: git says that a credential failed. For an account that a person made that is no proof: Bitbucket answers 401 to
// good tokens now and then, and a redirect's 401 counts against the host before it. So it is checked, and served until
// Bitbucket itself rejects its token. A login that git itself reported goes at once.
import { type Account, isSameRecord } from "../accounts/account.ts";
import { forgetLearned } from "../secrets/forget.ts";
import { holdsSecret } from "../secrets/read.ts";
import { isErasedBy, isLearned } from "../accounts/learned.ts";
import { covers, isNamedBy } from "../accounts/match.ts";
import { isRefused, refuse } from "../accounts/refusals.ts";
import { HelperError } from "../errors.ts";
import type { Report } from "../accounts/target.ts";
import { appPasswordNote } from "./app-password.ts";
import { checkCommand } from "../servers/verdict-text.ts";
import { isCheckDue } from "../accounts/check-due.ts";
import { environmentTokenFor } from "./environment-credential.ts";
import type { Context } from "./context.ts";
import type { Note, Result } from "./result.ts";

/** Throws what the stores throw when they cannot tell whose secret failed; then nothing changed. */
export async function erase(report: Report, context: Context): Promise<Result> {
  const failed: Account[] = [];
  const gone: Account[] = [];
  for (const account of await context.registry.read()) {
    if (account.host !== report.host) continue;
    if (isLearned(account)) {
      if (await isGone(account, report, context)) gone.push(account);
    } else if (account.state !== "rejected" && (await isMeant(account, report, context))) {
      failed.push(account);
    }
  }
  await forgetLearned(gone, context);
  if (failed.length + gone.length === 0)
    return eraseOfEnvironment(report, context) ?? appPasswordNote(report);
  const check = failed.length > 0 ? await noteRefusal(failed, context) : [];
  const told = failed.filter(({ kind }) => kind !== "unknown");
  return {
    // Of one that is served on, the daemon asks again before it does.
    forgotten: [...gone, ...failed].map(({ name }) => name),
    check,
    notes: told.map(({ name }) => refusalNote(name, check.includes(name))),
  };
}

/** @returns the names of those whose check is due: of several processes at once, one starts it. */
async function noteRefusal(
  failed: readonly Account[],
  context: Context,
): Promise<readonly string[]> {
  const due = new Set<string>();
  try {
    await context.registry.update((accounts) =>
      accounts.map((account) => {
        if (!failed.some((other) => isSameRecord(other, account))) return account;
        const isFirst = !isRefused(account, context.now());
        const refused = refuse(account, context.now());
        if (isFirst || isCheckDue(refused, context.settings.validate, context.now()))
          due.add(account.name);
        return refused;
      }),
    );
    return [...due];
  } catch (error) {
    // A home that cannot be written: the account is served as before, and the person hears of it all the same.
    if (!(error instanceof HelperError)) throw error;
    context.log.warn({ message: error.message }, "the refusal is not written down");
    return [];
  }
}

/** Git's own message names neither the account nor what to do. */
function refusalNote(name: string, isChecked: boolean): Note {
  const refused = `git was refused with the token of account '${name}'`;
  return {
    level: "error",
    message: isChecked ? `${refused}, which is now being checked` : refused,
    hint: checkCommand,
    once: { per: "minute", name: `refusal ${name}` },
  };
}

/**
 * There is nothing to write down: whoever set it has to know.
 * @param hint a command that says what Bitbucket makes of it.
 * @returns undefined when it is not the environment's token that failed.
 */
export function eraseOfEnvironment(
  report: Report,
  context: Pick<Context, "environmentToken">,
  hint = checkCommand,
): Result | undefined {
  const { password } = report;
  if (password === undefined) return undefined;
  const isMeant = environmentTokenFor(report, context)?.secret.equals(password) === true;
  if (!isMeant) return undefined;
  const message = "git was refused with the token of BITBUCKET_TOKEN";
  return { notes: [{ level: "error", message, hint }] };
}

async function isMeant(account: Account, report: Report, context: Context): Promise<boolean> {
  if (!covers(account, report)) return false;
  if (report.username !== undefined && !isNamedBy(account, report.username)) return false;
  return report.password === undefined || (await holdsSecret(account, report.password, context));
}

/** The store is opened for those only that the place fits. */
async function isGone(account: Account, report: Report, context: Context): Promise<boolean> {
  const { password } = report;
  if (password === undefined) return isErasedBy(account, report, undefined);
  return isErasedBy(account, report, true) && (await holdsSecret(account, password, context));
}
