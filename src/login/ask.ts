// A question in the middle of git's work: the token, and only what is unavoidable besides. Spec, section 7, last paragraph.
import { join } from "node:path";
import { type Account, accountState, scopeText } from "../accounts/account.ts";
import { chooseAccount } from "../accounts/choose.ts";
import { guessScope } from "../accounts/login.ts";
import { parseRepositoryPath, type RepositoryPath } from "../bitbucket/repository-url.ts";
import { tokenKinds } from "../bitbucket/token-kind.ts";
import { verdictProblems } from "../bitbucket/verdict-text.ts";
import { HelperError } from "../errors.ts";
import { repositoryOf } from "../operations/choose-for-request.ts";
import type { LoginAnswer, LoginQuestion, Ports, RepositoryName } from "../operations/ports.ts";
import type { Outside } from "../outside.ts";
import { directories } from "../system/directories.ts";
import { withLock } from "../system/lock.ts";
import { mayAsk } from "../system/may-ask.ts";
import { printable } from "../system/printable.ts";
import { openTerminal, type Terminal } from "../system/terminal.ts";
import { atTerminal } from "./at-terminal.ts";
import {
  type Candidate,
  keepCandidate,
  type Place,
  type Proof,
  prove,
  refuseBlind,
} from "./candidate.ts";
import { shortInstructions } from "./instructions.ts";
import { readOffers } from "./offers.ts";
import { doubtAboutToken, recogniseUsable } from "./token.ts";

const tries = 3;
/** How long another git process may take to answer the same question. */
const patienceMilliseconds = 120_000;

/**
 * Up to three tries. Of several git processes at once, one asks; the others take the account that came of it.
 * @returns undefined when nobody may or can be asked. Throws HelperError `cancelled` when the person, or the last try, gave up.
 */
export async function askForAccount(
  question: LoginQuestion,
  ports: Ports,
  outside: Outside,
): Promise<LoginAnswer | undefined> {
  if (!mayAsk(outside, ports.settings, "get")) return undefined;
  const terminal = openTerminal(outside.platform);
  if (terminal === undefined) return undefined;
  try {
    const started = await ports.registry.read();
    const { runtime, cache } = directories(outside.env, outside.platform);
    return await withLock(
      join(runtime ?? cache, "login.lock"),
      async () =>
        (await answeredMeanwhile(question, started, ports)) ??
        (await askAtTerminal(question, terminal, ports, outside)),
      patienceMilliseconds,
    );
  } finally {
    terminal.close();
  }
}

/** @returns the account for the same request that another process asked for while this one waited. */
async function answeredMeanwhile(
  { request }: LoginQuestion,
  started: readonly Account[],
  ports: Ports,
): Promise<LoginAnswer | undefined> {
  const { account } = chooseAccount(request, await ports.registry.read(), ports.now());
  if (account === undefined) return undefined;
  if (started.some(({ secretKey }) => secretKey === account.secretKey)) return undefined;
  if (!["approved", "unverified"].includes(accountState(account, ports.now()))) return undefined;
  const secret = await (await ports.openStore(account.store)).get(account.secretKey);
  return secret && { account, secret };
}

async function askAtTerminal(
  question: LoginQuestion,
  terminal: Terminal,
  ports: Ports,
  outside: Outside,
): Promise<LoginAnswer> {
  terminal.write(introduction(question));
  for (let left = tries; left > 0; left -= 1) {
    try {
      return await askOnce(question, terminal, ports, outside);
    } catch (error) {
      if (!isWorthAnotherTry(error)) throw error;
      terminal.write(`${error.message}\n`);
    }
  }
  throw new HelperError("cancelled", "no token that works was given");
}

function isWorthAnotherTry(error: unknown): error is HelperError {
  return error instanceof HelperError && ["bad-token", "rejected", "usage"].includes(error.code);
}

function introduction({ request, renews }: LoginQuestion): string {
  const { path, host } = request;
  const place = path === undefined || path === "" ? printable(host) : printable(`${host}/${path}`);
  const what =
    renews === undefined
      ? `git needs a Bitbucket token for ${place}`
      : `git needs a new token of account '${renews.name}' for ${place}`;
  return `${what}\n${shortInstructions}`;
}

async function askOnce(
  { request, renews }: LoginQuestion,
  terminal: Terminal,
  ports: Ports,
  outside: Outside,
): Promise<LoginAnswer> {
  const person = atTerminal(terminal, ports.now);
  const secret = await person.token();
  const asked = request.username === "" ? undefined : request.username;
  let username = renews?.username ?? renews?.gitUsername ?? asked;
  let kind = recogniseUsable(secret, username, renews);
  const doubt = doubtAboutToken(secret, kind);
  if (doubt !== undefined && !(await person.goesOn(doubt)))
    throw new HelperError("bad-token", "then once more");
  if (kind === "unknown") {
    username ??= await person.username();
    kind = recogniseUsable(secret, username, renews);
  }
  const own = kind === "unknown" ? username : renews?.username;
  const repository = repositoryOf(request);
  const offered = { secret, kind, host: request.host, username: own, renews, emailCertain: false };
  const { candidate, proof } = await findEmail(offered, repository, terminal, ports, outside);
  const place = await placeFor(candidate, request.path, ports);
  refuseBlind(candidate, place.scope, proof);
  const account = await keepCandidate(candidate, proof, place, ports);
  terminal.write(result(account, proof));
  return { account, secret };
}

/** The email is asked only when the guess is not believed. */
async function findEmail(
  candidate: Candidate,
  repository: RepositoryName | undefined,
  terminal: Terminal,
  ports: Ports,
  outside: Outside,
): Promise<{ candidate: Candidate; proof: Proof }> {
  if (ports.settings.validate === "never") return { candidate, proof: {} };
  const { renews } = candidate;
  const guess =
    renews?.email === undefined
      ? { email: (await readOffers(outside, ports.settings.hosts)).email, emailCertain: false }
      : { email: renews.email, emailCertain: renews.emailConfirmed === true };
  const guessed = candidate.kind === "api-token" ? { ...candidate, ...guess } : candidate;
  const proof = await prove(guessed, repository, ports);
  if (
    proof.verdict.outcome !== "unknown" ||
    proof.verdict.doubt !== "identity" ||
    candidate.kind !== "api-token"
  )
    return { candidate: believed(guessed, proof), proof };
  const certain = { ...candidate, ...(await atTerminal(terminal, ports.now).email(undefined)) };
  return { candidate: certain, proof: await prove(certain, repository, ports) };
}

/** A guess that nobody confirmed is not recorded: it may be another person's. */
function believed(candidate: Candidate, { verdict }: Proof): Candidate {
  if (candidate.emailCertain || verdict === undefined || verdict.outcome !== "unknown")
    return candidate;
  return { ...candidate, email: undefined };
}

async function placeFor(
  { kind, host, renews }: Candidate,
  path: string | undefined,
  ports: Ports,
): Promise<Place> {
  if (renews !== undefined) return { scope: renews.scope, scopeGuessed: renews.scopeGuessed };
  const accounts = await ports.registry.read();
  const living = accounts.filter(
    (account) => account.host === host && accountState(account, ports.now()) === "approved",
  );
  const named: RepositoryPath | undefined =
    path === undefined ? undefined : parseRepositoryPath(path);
  return guessScope(kind, named, living);
}

function result(account: Account, { verdict, repository }: Proof): string {
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
