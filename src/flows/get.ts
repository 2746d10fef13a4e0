// get: the credential of the account that answers for a target, if its secret may be served. docs/design.md, "What git calls".
import { type Account, isDead, isSameRecord } from "../accounts/account.ts";
import { accountProblem } from "../accounts/account-problem.ts";
import type { Chosen, Miss, Missed } from "../accounts/choice.ts";
import { isLearned } from "../accounts/learned.ts";
import { endReminder } from "../accounts/problems.ts";
import { explainVerdict } from "../servers/verdict-text.ts";
import { credentialOf } from "./credential-of.ts";
import type { Target } from "../accounts/target.ts";
import { redact } from "../screen/redact.ts";
import { type Held, readHeld } from "../secrets/read.ts";
import { renewForeign } from "../secrets/renew-foreign.ts";
import { shellWord } from "../screen/shell-word.ts";
import { isCheckDue, isCheckNeeded } from "../accounts/check-due.ts";
import { type Checked, checkAccount } from "./check.ts";
import { checkOnce } from "./check-once.ts";
import { chooseForRequest, lockPatience } from "./choose-for-request.ts";
import type { Context } from "./context.ts";
import { environmentCredential, environmentTokenFor } from "./environment-credential.ts";
import { nothing, type Note, type Result } from "./result.ts";

/** How often an account is chosen anew because others give it new secrets at the same time. */
const mostLooks = 5;

/** Throws what stores and registry throw when they cannot tell. */
export async function get(target: Target, context: Context): Promise<Result> {
  const token = environmentTokenFor(target, context);
  if (token !== undefined) return environmentCredential(token, target);
  const lost: Account[] = [];
  let looks = 0;
  for (;;) {
    const choice = await chooseForRequest(target, context, lost);
    context.log.debug({ account: choice.account?.name, because: choice.because }, "chosen");
    const { account } = choice;
    if (account === undefined) return await miss(choice, target, context);
    if (isDead(account, context.now()) && !isForeign(account))
      return replaceDead(account, target, context);
    const held = await hold(account, context);
    const result = held && (await serve(held, choice, target, context));
    if (result !== undefined) return result;
    // Another process may have given it a new secret since it was chosen.
    looks += 1;
    if (looks < mostLooks && !(await isCurrent(account, context))) continue;
    if (!isLearned(account)) return replaceLost(account, target);
    // Nothing to ask a person for: without its secret it is as if it were not there.
    lost.push(account);
  }
}

/** Where a token has ended, the person may have put another one by now. */
function isForeign({ store }: Account): boolean {
  return store === "command";
}

async function hold(account: Account, context: Context): Promise<Held | undefined> {
  const held = await readHeld(account, context);
  return held === undefined || !isForeign(account)
    ? held
    : await renewForeign(held, context, lockPatience);
}

async function isCurrent(account: Account, { registry }: Context): Promise<boolean> {
  return (await registry.read()).some((other) => isSameRecord(other, account));
}

/** @returns undefined when the account has got another secret meanwhile. */
async function serve(
  held: Held,
  { insteadOf }: Chosen,
  target: Target,
  context: Context,
): Promise<Result | undefined> {
  if (isDead(held.account, context.now())) return replaceDead(held.account, target, context);
  const checked = await checkIfNeeded(held, target, context);
  if (checked === undefined) return undefined;
  const { account, notes } = checked;
  if (isDead(account, context.now())) return replaceDead(account, target, context);
  return {
    credential: credentialOf({ ...held, account }, target),
    served: { account, secret: held.secret },
    check: isCheckDue(account, context.settings.validate, context.now()) ? [account.name] : [],
    notes: [...notes, ...endNotes(account, context), ...insteadNotes(insteadOf, context)],
  };
}

/**
 * @returns the account as Bitbucket's answer leaves it, and what that answer means for the person; undefined when the answer
 * is about a secret that the account has no more.
 */
async function checkIfNeeded(
  { account, secret }: Held,
  target: Target,
  context: Context,
): Promise<{ readonly account: Account; readonly notes: readonly Note[] } | undefined> {
  if (!isCheckNeeded(account, context.settings.validate, context.now()))
    return { account, notes: [] };
  const check = async (): Promise<Checked> =>
    await checkAccount(account, secret, context, target.repository, lockPatience);
  const answer =
    context.settings.validate === "always"
      ? await check()
      : await checkOnce(account, context, check);
  if (!("verdict" in answer)) return { account: answer, notes: [] };
  const { account: checked, verdict, unwritten } = answer;
  context.log.info(
    { account: account.name, outcome: verdict.outcome, unwritten: unwritten?.message },
    "checked",
  );
  if (!answer.isCurrent) return undefined;
  if (verdict.outcome !== "lacks-scope") return { account: checked, notes: [] };
  return { account: checked, notes: [{ level: "error", ...explainVerdict(verdict, checked) }] };
}

/** The daemon says nothing, but what it serves from memory comes from here at least every eight hours. */
function endNotes(account: Account, context: Context): readonly Note[] {
  const reminder = isLearned(account) ? undefined : endReminder(account, context.now());
  return reminder === undefined ? [] : [daily(`end of ${account.name}`, reminder)];
}

/** A login that git reported answers for an account of the person's that is dead. */
function insteadNotes(insteadOf: Account | undefined, context: Context): readonly Note[] {
  const problem = insteadOf && accountProblem(insteadOf, context.now());
  return problem === undefined ? [] : [daily(`state of ${insteadOf?.name}`, problem)];
}

function daily(name: string, text: Pick<Note, "message" | "hint">): Note {
  return { level: "warning", ...text, once: { per: "day", name } };
}

function replaceDead(account: Account, target: Target, context: Context): Result {
  const problem = accountProblem(account, context.now());
  return {
    notes: problem === undefined ? [] : [{ level: "error", ...problem }],
    question: { target, renews: account },
  };
}

function replaceLost(account: Account, target: Target): Result {
  const message = `the secret of account '${account.name}' is not in the ${account.store} store`;
  const hint = `git credential-bitbucket login --account ${account.name}`;
  return { notes: [{ level: "error", message, hint }], question: { target, renews: account } };
}

async function miss(choice: Missed, target: Target, context: Context): Promise<Result> {
  if (asksForToken(choice.miss)) return { question: { target } };
  if (choice.miss !== "ambiguous" && choice.miss !== "uncertain-projects") return nothing;
  // Accounts answer for it, but nobody can say which: the person would read no more than git's "could not read Username".
  const { isLastWay } = await import("./last-way.ts");
  if (!isLastWay(target.host, context)) return nothing;
  const url = redact(`https://${target.host}/${target.path ?? ""}`);
  const hint = choice.hint ?? `git credential-bitbucket explain ${shellWord(url)}`;
  return { notes: [{ level: "error", message: `no account answers: ${choice.because}`, hint }] };
}

/** Whether a new token would end the miss. The others have their accounts already, and `explain` says what is wrong. */
export function asksForToken(miss: Miss): boolean {
  return miss === "no-account" || miss === "other-users" || miss === "all-dead";
}
