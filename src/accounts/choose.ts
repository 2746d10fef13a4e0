// Request + accounts → the account that answers, and the reason. docs/design.md, "Accounts and their choice".
// Accounts that a person made are chosen among first; logins that git only reported come behind them: see learned.ts.
import { accountHost } from "../servers/servers.ts";
import type { RepositoryPath } from "../servers/repository-path.ts";
import { type Account, coverageText, isDead, scopeText } from "./account.ts";
import { learnedFit, madeAccounts } from "./learned.ts";
import { isDoubtful } from "./refusals.ts";
import { type Fit, fitOf, fits, isNamedBy, servesAnyUser } from "./match.ts";
import { shellWord } from "../screen/shell-word.ts";
import type { Target } from "./target.ts";

/** Why no account answers; the text beside it is for people. */
export type Miss =
  | "no-account" // none for the host, or none that covers the path
  | "odd-path" // the path names nothing on Bitbucket
  | "other-users" // what covers the path belongs to others than the user asked for
  | "ambiguous" // several fit alike: see candidates
  | "uncertain-projects" // several projects may hold the repository: see probe
  | "all-dead"; // several fit alike, and none of them can be served

// `because` is for people: of a choice a few words, of a miss a clause; nothing of the request in it could harm a screen.

export interface Chosen {
  readonly account: Account;
  readonly because: string;
  /** True when nobody knows yet whether the repository is inside the account's project: ask Bitbucket, then choose again. */
  readonly uncertainProject?: boolean | undefined;
  /** The account of the person's that would answer, if it were not dead. */
  readonly insteadOf?: Account | undefined;
}

export interface Missed {
  readonly account: undefined;
  readonly miss: Miss;
  readonly because: string;
  /** What fits alike. Accounts exist, so a new token is not what is missing. */
  readonly candidates?: readonly Account[] | undefined;
  /** Project accounts of which several may hold the repository: ask Bitbucket about each, then choose again. */
  readonly probe?: readonly Account[] | undefined;
  /** A command that goes past the ambiguity. */
  readonly hint?: string | undefined;
}

export type Choice = Chosen | Missed;

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

/**
 * Those that the request's user names go before those that serve any user, then the closest scope counts.
 * An account that cannot be served (rejected, expired, dead kind) is chosen only when no other fits: say why, do not serve it.
 * @param now milliseconds since 1970.
 */
function chooseAmong(target: Target, accounts: readonly Account[], now: number): Choice {
  const { host, place: path, user } = target;
  if (path === "odd") return missed("odd-path", "the path names no repository of bitbucket");
  const covering = accounts.filter(
    (account) =>
      accountHost(account.host) === host &&
      (path === undefined || fitOf(account, path) !== undefined),
  );
  if (covering.length === 0) return missed("no-account", `no account covers ${pathText(path)}`);
  const group = firstGroup(covering, user, now);
  if (group === undefined)
    return missed("other-users", `every account for ${pathText(path)} belongs to another user`);
  return path === undefined ? pickWithoutPath(group) : pickClosest(group, path);
}

const namesShown = 5; // a line of a terminal

interface Group {
  readonly members: readonly Account[];
  readonly alive: boolean;
  readonly named: boolean;
}

function firstGroup(
  accounts: readonly Account[],
  asked: string | undefined,
  now: number,
): Group | undefined {
  for (const alive of [true, false]) {
    const pool = accounts.filter((account) => isDead(account, now) !== alive);
    const named = pool.filter((account) => asked !== undefined && isNamedBy(account, asked));
    if (named.length > 0) return { members: named, alive, named: true };
    const any = pool.filter((account) => asked === undefined || servesAnyUser(account));
    if (any.length > 0) return { members: any, alive, named: false };
  }
  return undefined;
}

function pickClosest(group: Group, path: RepositoryPath): Choice {
  for (const fit of fits) {
    const alike = group.members.filter((account) => fitOf(account, path) === fit);
    const [only] = alike;
    if (only === undefined) continue;
    if (alike.length > 1) return pickNone(group, alike, fit);
    const because = reason(group, scopeText(only.scope));
    if (fit !== "perhaps") return { account: only, because };
    return {
      account: only,
      because: `${because}, if ${pathText(path)} is inside`,
      uncertainProject: true,
    };
  }
  throw new Error("a group covers its path");
}

// A single account is served whatever it covers: its owner has nothing else, and git says no more than the host.
function pickWithoutPath(group: Group): Choice {
  const wide = group.members.filter(({ scope }) => scope.level === "host");
  const alike = wide.length > 0 ? wide : group.members;
  const [only] = alike;
  if (only === undefined) throw new Error("a group has members");
  if (alike.length === 1) {
    const because =
      wide.length > 0 ? scopeText(only.scope) : "the only account that fits, git sent no path";
    return { account: only, because: reason(group, because) };
  }
  return pickNone(group, alike, wide.length > 0 ? "host" : undefined);
}

function pickNone(group: Group, alike: readonly Account[], fit: Fit | undefined): Missed {
  const names = nameList(alike);
  if (!group.alive) return missed("all-dead", `${names} fit alike, and none of them can be served`);
  if (fit === "perhaps") {
    const because = `nobody knows yet whose project holds it: ${names}`;
    const hint = `git -c credential.username=${shellWord(alike[0]?.name ?? "")} fetch`;
    return { ...missed("uncertain-projects", because), candidates: alike, probe: alike, hint };
  }
  if (fit !== undefined)
    return {
      ...missed(
        "ambiguous",
        `${names} fit alike, name one in the url: https://NAME@bitbucket.org/…`,
      ),
      candidates: alike,
    };
  return {
    ...missed("ambiguous", `${names} fit alike, because git sent no path (useHttpPath is off)`),
    candidates: alike,
    hint: "git credential-bitbucket configure",
  };
}

function missed(miss: Miss, because: string): Missed {
  return { account: undefined, miss, because };
}

function reason(group: Group, because: string): string {
  return group.named ? `named by the request, ${because}` : because;
}

function nameList(accounts: readonly Account[]): string {
  const names = accounts.slice(0, namesShown).map(({ name }) => `'${name}'`);
  const others = accounts.length - names.length;
  return others > 0 ? `${names.join(", ")} and ${others} more` : names.join(" and ");
}

function pathText(path: RepositoryPath | undefined): string {
  if (path === undefined) return "this host";
  return path.repository === undefined
    ? `snippets of ${path.workspace}`
    : `${path.workspace}/${path.repository}`;
}
