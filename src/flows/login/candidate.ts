// A token on its way to become an account: checked with Bitbucket, then kept. docs/design.md, "Verdicts".
import type { Account, AccountScope } from "../../accounts/account.ts";
import { applyVerdict } from "../../accounts/apply-verdict.ts";
import { madeAccounts } from "../../accounts/learned.ts";
import { isSameLogin } from "../../accounts/same-login.ts";
import { type AccountFacts, keepAccount, keepForeign } from "../../secrets/keep.ts";
import { type TokenKind, tokenKinds } from "../../servers/token-kind.ts";
import { explainVerdict, verdictProblems } from "../../servers/verdict-text.ts";
import type { Verdict } from "../../servers/verdict.ts";
import { HelperError } from "../../errors.ts";
import type { Context } from "../context.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { Secret } from "../../secret.ts";
import { commandKey } from "../../secrets/stores/command-key.ts";
import type { StoreName } from "../../store-names.ts";

export interface Candidate {
  readonly secret: Secret;
  readonly kind: TokenKind;
  readonly host: string;
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly emailCertain: boolean;
  /** The account whose token it replaces. */
  readonly renews?: Account | undefined;
}

/** What a check is worth keeping of: undefined when Bitbucket was not asked. */
export interface Proof {
  readonly verdict?: Verdict | undefined;
  readonly repository?: RepositoryName | undefined;
}

/** Throws HelperError `rejected` when Bitbucket knows no such token. */
export async function prove(
  candidate: Candidate,
  repository: RepositoryName | undefined,
  context: Pick<Context, "validate">,
): Promise<Proof & { readonly verdict: Verdict }> {
  const { secret, kind, host, email, emailCertain, renews } = candidate;
  const subject = { secret, kind, email, emailCertain, asked: true, repository };
  const verdict = await context.validate(host, subject);
  if (verdict.outcome === "rejected") {
    const { message, hint } = explainVerdict(verdict, { kind, email, name: renews?.name });
    throw new HelperError("rejected", message, { hint });
  }
  return { verdict, repository };
}

/** Throws HelperError `bad-token` for a repository token that does not see the repository it is for. */
export function refuseBlind(candidate: Candidate, scope: AccountScope, proof: Proof): void {
  const { verdict, repository } = proof;
  if (scope.level !== "repository" || verdict === undefined || verdict.outcome === "unknown")
    return;
  if (verdict.outcome === "rejected" || verdict.facts.seesRepository !== false) return;
  const problem = verdictProblems(verdict, candidate, repository).at(-1);
  throw new HelperError("bad-token", problem?.message ?? "the token does not see the repository", {
    hint: problem?.hint,
  });
}

/** @returns what git is told, unless its request names the real username. */
export function gitUsernameOf({ kind, username }: Candidate): string {
  return tokenKinds[kind].gitUsername ?? username ?? "";
}

export interface Place {
  readonly scope: AccountScope;
  readonly scopeGuessed?: boolean | undefined;
  /** Of the account; chosen when left out. */
  readonly name?: string | undefined;
  readonly store?: StoreName | undefined;
  /** Absolute path and arguments of what prints the token, in place of a store. */
  readonly command?: readonly string[] | undefined;
  /** ISO 8601. */
  readonly expires?: string | undefined;
}

/** Writes secret and account; in place of an account of the same login, if there is one. Throws what stores and registry throw. */
export async function keepCandidate(
  candidate: Candidate,
  { verdict, repository }: Proof,
  place: Place,
  context: Context,
): Promise<Account> {
  const { kind, host, renews } = candidate;
  const facts: AccountFacts = {
    kind,
    host,
    scope: place.scope,
    scopeGuessed: place.scopeGuessed,
    gitUsername: gitUsernameOf(candidate),
    username: candidate.username,
    email: candidate.email,
    store: await storeFor(place, renews, context),
    state: "unverified",
    expires: place.expires,
    name: place.name ?? renews?.name,
    projectRepositories: renews?.projectRepositories,
  };
  const proved =
    verdict === undefined ? facts : applyVerdict(facts, verdict, context.now(), repository);
  const login = { ...proved, secret: candidate.secret };
  const findFormer = (accounts: readonly Account[]): Account | undefined =>
    facts.name === undefined
      ? madeAccounts(accounts).find((account) => isSameLogin(account, login))
      : accounts.find(({ name }) => name === facts.name);
  const { command } = place;
  if (command === undefined)
    return await keepAccount(proved, candidate.secret, context, findFormer);
  const keyOf = (id: string): string => commandKey(id, command);
  return await keepForeign(proved, keyOf, candidate.secret, context, findFormer);
}

/** A token that is pasted for an account whose tokens a command printed goes where new ones go. */
async function storeFor(
  place: Place,
  renews: Account | undefined,
  context: Pick<Context, "chooseStore">,
): Promise<StoreName> {
  if (place.command !== undefined) return "command";
  const former = renews?.store === "command" ? undefined : renews?.store;
  return place.store ?? former ?? (await context.chooseStore());
}
