// Request + accounts → the account that answers, and the reason. docs/design.md, "Accounts and their choice".
// Accounts that a person made are chosen among first; logins that git only reported come behind them: see learned.ts.
import { accountHost } from "../servers/servers.ts";
import { type Account, coverageText, isDead } from "./account.ts";
import type { Choice } from "./choice.ts";
import { chooseAmong } from "./choose-among.ts";
import { learnedFit, madeAccounts } from "./learned.ts";
import { isDoubtful } from "./refusals.ts";
import type { Target } from "./target.ts";

/**
 * The account that a person made, as chooseMade chooses it. Where none of these can answer, a login that git reported for
 * the very path does. One without a path answers only where the person's accounts have no say at all: beside an account
 * that is dead, or several that fit alike, it would hide what the person is to be told, and it may be a stranger's.
 * @param now milliseconds since 1970.
 */
export function chooseAccount(target: Target, accounts: readonly Account[], now: number): Choice {
  const made = chooseMade(target, madeAccounts(accounts), now);
  const left = leftToLearned(made, now);
  const learned =
    left === "nothing" ? undefined : findLearned(target, accounts, now, left === "everything");
  if (learned === undefined) return made;
  const because = `learned from git for ${coverageText(learned)}, since `;
  if (made.account === undefined) return { account: learned, because: because + made.because };
  const { account: insteadOf } = made;
  const dead = `account '${insteadOf.name}' cannot be served`;
  return { account: learned, because: because + dead, insteadOf };
}

function leftToLearned(made: Choice, now: number): "nothing" | "the very path" | "everything" {
  if (made.account !== undefined) {
    const { account } = made;
    return isDead(account, now) ? "the very path" : "nothing";
  }
  if (made.miss === "uncertain-projects") return "nothing";
  return made.miss === "no-account" || made.miss === "other-users" ? "everything" : "the very path";
}

/** The oldest of those that fit alike: one that comes later takes nothing from it. */
function findLearned(
  target: Target,
  accounts: readonly Account[],
  now: number,
  alsoWithoutPath: boolean,
): Account | undefined {
  const fitting = accounts.filter(
    (account) =>
      accountHost(account.host) === target.host &&
      !isDead(account, now) &&
      learnedFit(account, target) !== undefined,
  );
  return (
    fitting.find((account) => learnedFit(account, target) === "path") ??
    (alsoWithoutPath ? fitting[0] : undefined)
  );
}

/**
 * A doubtful account is the last of those that fit: where the others have an answer, it is theirs; else all are chosen
 * among as if there were no doubt, since git's word is no proof and a miss would be worse.
 */
function chooseMade(target: Target, accounts: readonly Account[], now: number): Choice {
  const choice = chooseAmong(target, accounts, now);
  const certain = accounts.filter((account) => !isDoubtful(account, now));
  if (certain.length === accounts.length) return choice;
  const { account } = choice;
  if (account !== undefined && (!isDoubtful(account, now) || isDead(account, now))) return choice;
  const other = chooseAmong(target, certain, now);
  if (other.account !== undefined && !isDead(other.account, now)) {
    const doubtful = account === undefined ? "another" : `account '${account.name}'`;
    return { ...other, because: `${other.because}, since ${doubtful} is doubtful` };
  }
  if (account === undefined) return choice;
  return { ...choice, because: `${choice.because}, though it is doubtful` };
}
