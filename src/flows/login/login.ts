// A login from token to account, whoever answers the questions. docs/design.md, "Commands".
import { type Account, type AccountScope, scopeText } from "../../accounts/account.ts";
import { madeAccounts } from "../../accounts/learned.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import type { TokenFacts } from "../../servers/verdict.ts";
import { HelperError } from "../../errors.ts";
import { findConflict, isTokenOf } from "../../accounts/same-login.ts";
import type { Context } from "../context.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { Secret } from "../../secret.ts";
import type { StoreName } from "../../store-names.ts";
import { type Candidate, keepCandidate, type Proof, prove, refuseBlind } from "./candidate.ts";
import { longestExpiry } from "../../ask/expiry.ts";
import type { Offers } from "./offers.ts";
import type { Prompter } from "../../ask/prompter.ts";
import { doubtAboutToken, recogniseUsable } from "../../ask/token.ts";

/** What the command line says; undefined where it says nothing. */
export interface LoginOptions {
  readonly account?: string | undefined;
  readonly email?: string | undefined;
  readonly username?: string | undefined;
  readonly scope?: AccountScope | undefined;
  /** `at` is undefined for never. */
  readonly expires?: { readonly at: string | undefined } | undefined;
  readonly store?: StoreName | undefined;
  /** Absolute path and arguments of what prints the token. */
  readonly command?: readonly string[] | undefined;
  readonly validate: boolean;
}

export interface LoggedIn extends Proof {
  readonly account: Account;
  /** Whether an account of that name was there before. */
  readonly renewed: boolean;
  /** Whether the command line said the store. */
  readonly storeGiven: boolean;
}

/**
 * @param accounts as they are before.
 * Throws HelperError: `bad-token`, `rejected`, `usage`, `cancelled`, and what stores and registry throw. Then nothing is stored.
 */
export async function logIn(
  options: LoginOptions,
  prompter: Prompter,
  offers: Offers,
  accounts: readonly Account[],
  context: Context,
): Promise<LoggedIn> {
  // A login that git reported is not renewed: the account takes its name, and nothing else of it.
  const made = madeAccounts(accounts);
  const named = made.find(({ name }) => name === options.account);
  const secret = await prompter.token();
  const renews = options.account === undefined ? findSame(secret, options, made) : named;
  const candidate = await identify(
    { secret, host: renews?.host ?? "bitbucket.org", renews },
    options,
    prompter,
    offers,
  );
  let proof: Proof = {};
  const known = options.scope ?? renews?.scope;
  if (options.validate) proof = await prove(candidate, repositoryFor(known, offers), context);
  const scope = known ?? (await askScope(candidate, proof, prompter, offers, accounts, context));
  // The repository one stood in was only a guess.
  if (options.validate && scope.level === "repository" && !isRepository(scope, proof.repository))
    proof = await prove(candidate, scope, context);
  refuseBlind(candidate, scope, proof);
  const expires =
    options.expires === undefined && candidate.kind === "api-token"
      ? await prompter.expires(longestExpiry(context.now()))
      : options.expires?.at;
  const { account: name, store, command } = options;
  const place = { scope, name, store, command, expires };
  const account = await keepCandidate(candidate, proof, place, context);
  const renewed = accounts.some(({ name }) => name === account.name);
  return { ...proof, account, renewed, storeGiven: (store ?? command) !== undefined };
}

/** The very token that an account for the same has: what is known of that account stays, such as its owner's email. */
function findSame(
  secret: Secret,
  { scope = { level: "host" } }: LoginOptions,
  accounts: readonly Account[],
): Account | undefined {
  return accounts.find(
    (account) => isTokenOf(account, secret) && scopeText(account.scope) === scopeText(scope),
  );
}

/** Whose token it is. */
async function identify(
  given: Pick<Candidate, "secret" | "host" | "renews">,
  options: LoginOptions,
  prompter: Prompter,
  offers: Offers,
): Promise<Candidate> {
  const { secret, renews } = given;
  const said = options.username ?? renews?.username ?? renews?.gitUsername;
  let kind = recogniseUsable(secret, said, renews);
  const doubt = doubtAboutToken(secret, kind);
  if (doubt !== undefined && !(await prompter.confirms(doubt)))
    throw new HelperError("cancelled", "nothing is stored");
  let username = options.username ?? renews?.username;
  if (kind === "unknown") {
    username ??= await prompter.username();
    kind = recogniseUsable(secret, username, renews);
  }
  // Bitbucket's own username of a kind is nobody's.
  if (username === tokenKinds[kind].gitUsername) username = undefined;
  if (kind !== "api-token") return { ...given, kind, username, emailCertain: false };
  return { ...given, kind, username, ...(await emailOf(options, renews, prompter, offers)) };
}

async function emailOf(
  { email }: LoginOptions,
  renews: Account | undefined,
  prompter: Prompter,
  offers: Offers,
): Promise<Pick<Candidate, "email" | "emailCertain">> {
  if (email !== undefined) return { email, emailCertain: true };
  if (renews?.email !== undefined && renews.emailConfirmed === true)
    return { email: renews.email, emailCertain: true };
  return await prompter.email(renews?.email ?? offers.email);
}

/** The repository to ask Bitbucket about: the one the token is for, else the one that one stands in. */
function repositoryFor(
  scope: AccountScope | undefined,
  { repository }: Offers,
): RepositoryName | undefined {
  if (scope === undefined || scope.level === "host") return repository;
  if (scope.level === "repository") return scope;
  return repository?.workspace === scope.workspace ? repository : undefined;
}

function isRepository(scope: RepositoryName, other: RepositoryName | undefined): boolean {
  return scope.workspace === other?.workspace && scope.repository === other.repository;
}

async function askScope(
  candidate: Candidate,
  { verdict }: Proof,
  prompter: Prompter,
  { repository }: Offers,
  accounts: readonly Account[],
  context: Context,
): Promise<AccountScope> {
  const facts: TokenFacts = verdict !== undefined && "facts" in verdict ? verdict.facts : {};
  if (candidate.kind === "access-token") {
    // What the token does not see is not what it is for.
    const offered = facts.seesRepository === false ? {} : { ...repository, project: facts.project };
    return await prompter.scope(facts.covers, offered);
  }
  const user = { ...candidate, username: facts.username ?? candidate.username };
  const conflict = findConflict(accounts, user, context.now());
  const workspace =
    conflict === undefined ? undefined : await prompter.workspace(conflict, repository?.workspace);
  return workspace === undefined ? { level: "host" } : { level: "workspace", workspace };
}
