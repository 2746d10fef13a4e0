// One try of the question in the middle of git's work: a token, and only what is unavoidable besides. docs/design.md, "Commands".
import { type Account, accountState, scopeText } from "../../accounts/account.ts";
import { madeAccounts } from "../../accounts/learned.ts";
import { guessScope } from "../../accounts/default-scope.ts";
import type { Target } from "../../accounts/target.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import { verdictProblems } from "../../servers/verdict-text.ts";
import { type ErrorCode, HelperError } from "../../errors.ts";
import { credentialOf } from "../credential-of.ts";
import type { Result } from "../result.ts";
import type { Held } from "../../secrets/read.ts";
import type { Context } from "../context.ts";
import type { LoginQuestion } from "./question.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import { printable } from "../../screen/printable.ts";
import type { Terminal } from "../../ask/terminal.ts";
import { terminalPrompter } from "../../ask/terminal-prompter.ts";
import {
  type Candidate,
  gitUsernameOf,
  keepCandidate,
  type Place,
  type Proof,
  prove,
  refuseBlind,
} from "./candidate.ts";
import { readOffers } from "./offers.ts";
import { doubtAboutToken, recogniseUsable } from "../../ask/token.ts";

/** Throws HelperError: `bad-token`, `rejected`, `usage` for what another try may mend, `cancelled`. What cannot be kept is served. */
export async function askOnce(
  { target, renews }: LoginQuestion,
  terminal: Terminal,
  context: Context,
): Promise<Result> {
  const prompter = terminalPrompter(terminal, context.now);
  const secret = await prompter.token();
  const { host, user, repository } = target;
  let username = renews?.username ?? renews?.gitUsername ?? user;
  let kind = recogniseUsable(secret, username, renews);
  const doubt = doubtAboutToken(secret, kind);
  if (doubt !== undefined && !(await prompter.confirms(doubt)))
    throw new HelperError("bad-token", "then once more");
  if (kind === "unknown") {
    username ??= await prompter.username();
    kind = recogniseUsable(secret, username, renews);
  }
  const own = kind === "unknown" ? username : renews?.username;
  const offered = { secret, kind, host, username: own, renews, emailCertain: false };
  const { candidate, proof } = await findEmail(offered, repository, terminal, context);
  const place = await placeFor(candidate, target, context);
  refuseBlind(candidate, place.scope, proof);
  try {
    const account = await keepCandidate(candidate, proof, place, context);
    terminal.write(textOf(account, proof));
    return servedBy({ account, secret }, target);
  } catch (error) {
    if (!isUnkept(error)) throw error;
    terminal.write(`${printable(error.message)}\ngit gets the token this once: it is not kept\n`);
    return { credential: { username: gitUsernameOf(candidate), password: secret } };
  }
}

/** Where an account can be written or not, the token is as good. */
function isUnkept(error: unknown): error is HelperError {
  const codes: readonly ErrorCode[] = [
    "system",
    "registry",
    "busy",
    "store-unavailable",
    "store-locked",
  ];
  return error instanceof HelperError && codes.includes(error.code);
}

/** What git gets of an account that answers a question. */
export function servedBy(held: Held, target: Target): Result {
  return { credential: credentialOf(held, target), served: held };
}

/** The email is asked only when the guess is not believed. */
async function findEmail(
  candidate: Candidate,
  repository: RepositoryName | undefined,
  terminal: Terminal,
  context: Context,
): Promise<{ candidate: Candidate; proof: Proof }> {
  if (context.settings.validate === "never") return { candidate, proof: {} };
  const { renews } = candidate;
  const guess =
    renews?.email === undefined
      ? {
          email: (await readOffers(context.outside, context.settings.hosts)).email,
          emailCertain: false,
        }
      : { email: renews.email, emailCertain: renews.emailConfirmed === true };
  const guessed = candidate.kind === "api-token" ? { ...candidate, ...guess } : candidate;
  const proof = await prove(guessed, repository, context);
  if (
    proof.verdict.outcome !== "unknown" ||
    proof.verdict.doubt !== "identity" ||
    candidate.kind !== "api-token"
  )
    return { candidate: believed(guessed, proof), proof };
  const certain = {
    ...candidate,
    ...(await terminalPrompter(terminal, context.now).email(undefined)),
  };
  return { candidate: certain, proof: await prove(certain, repository, context) };
}

/** A guess that nobody confirmed is not recorded: it may be another person's. */
function believed(candidate: Candidate, { verdict }: Proof): Candidate {
  if (candidate.emailCertain || verdict === undefined || verdict.outcome !== "unknown")
    return candidate;
  return { ...candidate, email: undefined };
}

async function placeFor(
  { kind, host, renews }: Candidate,
  { place }: Target,
  context: Context,
): Promise<Place> {
  if (renews !== undefined) return { scope: renews.scope, scopeGuessed: renews.scopeGuessed };
  const accounts = madeAccounts(await context.registry.read());
  const living = accounts.filter(
    (account) => account.host === host && accountState(account, context.now()) === "approved",
  );
  return guessScope(kind, place === "odd" ? undefined : place, living);
}

function textOf(account: Account, { verdict, repository }: Proof): string {
  const title = tokenKinds[account.kind].title;
  const lines = [
    `stored as account '${account.name}': ${title}, ${printable(scopeText(account.scope))}`,
  ];
  for (const { message, hint } of verdict === undefined
    ? []
    : verdictProblems(verdict, account, repository))
    lines.push(message, ...(hint === undefined ? [] : [`  ${hint}`]));
  return `${lines.join("\n")}\n`;
}
