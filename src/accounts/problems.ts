// What is wrong with an account, as far as its record tells, each with the next command. docs/design.md, "Commands".
import { type Account, accountState } from "./account.ts";
import { accountProblem } from "./account-problem.ts";
import { isLearned } from "./learned.ts";
import { tokenKinds } from "../servers/token-kind.ts";
import {
  checkCommand,
  doctorCommand,
  explainVerdict,
  type VerdictText,
} from "../servers/verdict-text.ts";
import type { Verdict } from "../servers/verdict.ts";
import { serverOf } from "../servers/servers.ts";
import { shellWord } from "../screen/shell-word.ts";

export interface Problem {
  /** Lower case, without full stop. */
  readonly message: string;
  /** A command one can paste, or a step and a command. */
  readonly next?: string | undefined;
  /** True when the account cannot work as it is. */
  readonly fatal: boolean;
}

const day = 86_400_000;
/** How long before its end a token is called to mind. */
const warningDays = 14;

/**
 * @param now milliseconds since 1970.
 * @returns the fatal ones first; empty when nothing is known to be wrong.
 */
export function findProblems(account: Account, now: number): readonly Problem[] {
  if (isLearned(account)) return learnedProblems(account, now);
  if (!tokenKinds[account.kind].usable) return [asProblem(explainVerdict(notAsked, account), true)];
  const state = accountState(account, now);
  const bad = accountProblem(account, now);
  const isDead = state === "rejected" || state === "expired";
  const known = bad === undefined ? [] : [asProblem(bad, isDead)];
  if (isDead) return known;
  return [...missingScopes(account), ...nearEnd(account, now), ...known];
}

/**
 * @returns what it means that the last check, whichever account's it was, did not get as far as Bitbucket.
 */
export function checksOff(accounts: readonly Account[]): Problem | undefined {
  const latest = accounts
    .filter(({ checked }) => checked !== undefined)
    .reduce<Account | undefined>(
      (one, other) =>
        Date.parse(one?.checked ?? "") > Date.parse(other.checked ?? "") ? one : other,
      undefined,
    );
  if (latest?.unreached !== true) return undefined;
  const message =
    "checks are off, since bitbucket's REST interface was not reached the last time: git gets the tokens all the same, and one that was revoked is noticed only when bitbucket refuses git";
  return { message, next: doctorCommand, fatal: false };
}

const notAsked: Verdict = { outcome: "unknown", because: "" };

/**
 * What a check that was just made has told, as problems.
 * @param texts verdictProblems() of the verdict. To ask once more is no way on.
 */
export function afterCheck(
  texts: readonly VerdictText[],
  { outcome }: Verdict,
): readonly Problem[] {
  return texts.map(({ message, hint }) => ({
    message,
    next: hint === checkCommand ? doctorCommand : hint,
    fatal: outcome === "rejected",
  }));
}

export function asProblem({ message, hint }: VerdictText, fatal: boolean): Problem {
  return { message, next: hint, fatal };
}

/** Nothing that a person set up fails with such a login: none of it is fatal. */
function learnedProblems(account: Account, now: number): readonly Problem[] {
  if (accountState(account, now) !== "expired") return [];
  const message = `it expired on ${dayOf(account)}, as git reported`;
  return [{ message, next: logoutCommand(account), fatal: false }];
}

/** The command that forgets the account. */
export function logoutCommand({ name }: Pick<Account, "name">): string {
  return `git credential-bitbucket logout ${shellWord(name)}`;
}

/** The command that brings the account a new token. */
export function loginCommand({ name }: Pick<Account, "name">): string {
  return `git credential-bitbucket login --account ${shellWord(name)}`;
}

function renew(account: Account): string {
  return `make a new one and run: ${loginCommand(account)}`;
}

function missingScopes(account: Account): readonly Problem[] {
  const blocked =
    account.scopes && serverOf(account.host).blockedByScopes(account.kind, account.scopes);
  if (blocked === undefined) return [];
  const text = explainVerdict({ outcome: "lacks-scope", facts: {}, ...blocked }, account);
  return [asProblem(text, blocked.blocks === "fetch and push")];
}

function nearEnd(account: Account, now: number): readonly Problem[] {
  if (!isNearEnd(account, now)) return [];
  return [
    { message: `the token expires on ${dayOf(account)}`, next: renew(account), fatal: false },
  ];
}

/**
 * @param now milliseconds since 1970.
 * @returns what to remind of while git is served; undefined until two weeks before the end.
 */
export function endReminder(account: Account, now: number): VerdictText | undefined {
  if (!isNearEnd(account, now)) return undefined;
  const message = `the token of account '${account.name}' expires on ${dayOf(account)}`;
  return { message, hint: renew(account) };
}

function isNearEnd({ expires }: Account, now: number): boolean {
  return expires !== undefined && Date.parse(expires) - now <= warningDays * day;
}

function dayOf({ expires }: Account): string {
  return expires?.slice(0, 10) ?? "";
}
