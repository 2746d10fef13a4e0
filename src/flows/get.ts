// get: the credential of the account that answers for a request, if its secret may be served. Spec, sections 2, 3 and 5.
import { type Account, accountState, answerUsername, refreshKey } from "../accounts/account.ts";
import { accountProblem } from "../accounts/account-problem.ts";
import type { Miss, Missed } from "../accounts/choose.ts";
import { isLearned } from "../accounts/learned.ts";
import { endReminder } from "../accounts/problems.ts";
import { tokenKinds } from "../servers/cloud/token-kind.ts";
import { explainVerdict } from "../servers/cloud/verdict-text.ts";
import type { Credential } from "../protocol/credential.ts";
import type { Request } from "../protocol/request.ts";
import { redact } from "../screen/redact.ts";
import type { Secret } from "../secret.ts";
import { shellWord } from "../screen/shell-word.ts";
import { checkAccount, isCheckDue, isCheckNeeded } from "./check.ts";
import { chooseForRequest, repositoryOf } from "./choose-for-request.ts";
import { environmentCredential, environmentTokenFor } from "./environment-credential.ts";
import type { Ports } from "./context.ts";

/** @returns undefined for a miss: git then asks its next helper. Throws HelperError `cancelled` when the person gave up. */
export async function get(request: Request, ports: Ports): Promise<Credential | undefined> {
  const token = environmentTokenFor(request, ports);
  if (token !== undefined) return environmentCredential(token, request, ports);
  return await answerFromAccounts(request, ports, []);
}

/** @param without accounts whose secret is not where it should be. */
async function answerFromAccounts(
  request: Request,
  ports: Ports,
  without: readonly Account[],
): Promise<Credential | undefined> {
  const choice = await chooseForRequest(request, ports, without);
  ports.log.debug({ account: choice.account?.name, because: choice.because }, "chosen");
  if (choice.account !== undefined && isLearned(choice.account))
    return await serveLearned(choice.account, choice.insteadOf, request, ports, without);
  if (choice.account !== undefined) return await serve(choice.account, request, ports);
  if (asksForToken(choice.miss)) return await ask(request, ports);
  await tellMiss(choice, request, ports);
  return undefined;
}

/** Accounts answer for it, but nobody can say which: the person would read no more than git's "could not read Username". */
async function tellMiss(choice: Missed, request: Request, ports: Ports): Promise<void> {
  if (choice.miss !== "ambiguous" && choice.miss !== "uncertain-projects") return;
  if (!(await ports.isLastWay(request.host))) return;
  const url = redact(`https://${request.host}/${request.path ?? ""}`);
  const explain = `git credential-bitbucket explain ${shellWord(url)}`;
  ports.warn(`no account answers: ${choice.because}`, choice.hint ?? explain);
}

/** Whether a new token would end the miss. The others have their accounts already, and `explain` says what is wrong. */
export function asksForToken(miss: Miss): boolean {
  return miss === "no-account" || miss === "other-users" || miss === "all-dead";
}

/** A login that git reported is nothing to ask a person for: without its secret it is as if it were not there. */
async function serveLearned(
  account: Account,
  insteadOf: Account | undefined,
  request: Request,
  ports: Ports,
  without: readonly Account[],
): Promise<Credential | undefined> {
  const store = await ports.openStore(account.store);
  const secret = await store.get(account.secretKey);
  if (secret === undefined) return await answerFromAccounts(request, ports, [...without, account]);
  ports.served?.(account, secret);
  const problem = insteadOf && accountProblem(insteadOf, ports.now());
  if (problem !== undefined)
    await ports.remind(`state of ${insteadOf?.name}`, problem.message, problem.hint);
  const refreshToken =
    account.hasRefreshToken === true ? await store.get(refreshKey(account)) : undefined;
  return { ...answer(account, secret, request), oauthRefreshToken: refreshToken };
}

async function serve(
  account: Account,
  request: Request,
  ports: Ports,
): Promise<Credential | undefined> {
  if (isDead(account, ports)) return await replaceDead(account, request, ports);
  const store = await ports.openStore(account.store);
  const secret = await store.get(account.secretKey);
  if (secret === undefined) {
    ports.warn(
      `the secret of account '${account.name}' is not in the ${account.store} store`,
      loginCommand(account),
    );
    return await ask(request, ports, account);
  }
  const current = await checkIfNeeded(account, secret, request, ports);
  if (isDead(current, ports)) return await replaceDead(current, request, ports);
  ports.served?.(current, secret);
  if (isCheckDue(current, ports)) ports.checkLater(current.name);
  await remindOfEnd(current, ports);
  const refreshToken =
    current.hasRefreshToken === true ? await store.get(refreshKey(current)) : undefined;
  return { ...answer(current, secret, request), oauthRefreshToken: refreshToken };
}

/** The daemon says nothing, but what it serves from memory comes from here at least every eight hours. */
async function remindOfEnd(account: Account, ports: Ports): Promise<void> {
  const reminder = endReminder(account, ports.now());
  if (reminder === undefined) return;
  await ports.remind(`end of ${account.name}`, reminder.message, reminder.hint);
}

async function checkIfNeeded(
  account: Account,
  secret: Secret,
  request: Request,
  ports: Ports,
): Promise<Account> {
  if (accountState(account, ports.now()) === "expired" || !isCheckNeeded(account, ports)) {
    return account;
  }
  const { account: checked, verdict } = await checkAccount(
    account,
    secret,
    ports,
    repositoryOf(request),
  );
  ports.log.info({ account: account.name, outcome: verdict.outcome }, "checked");
  if (verdict.outcome === "lacks-scope") {
    const { message, hint } = explainVerdict(verdict, checked);
    ports.warn(message, hint);
  }
  return checked;
}

function isDead(account: Account, ports: Ports): boolean {
  if (!tokenKinds[account.kind].usable) return true;
  const state = accountState(account, ports.now());
  return state === "rejected" || state === "expired";
}

async function replaceDead(
  account: Account,
  request: Request,
  ports: Ports,
): Promise<Credential | undefined> {
  const problem = accountProblem(account, ports.now());
  if (problem !== undefined) ports.warn(problem.message, problem.hint);
  return await ask(request, ports, account);
}

async function ask(
  request: Request,
  ports: Ports,
  renews?: Account,
): Promise<Credential | undefined> {
  const made = await ports.login({ request, renews });
  if (made === undefined) return undefined;
  ports.served?.(made.account, made.secret);
  return answer(made.account, made.secret, request);
}

function answer(account: Account, secret: Secret, request: Request): Credential {
  return {
    username: answerUsername(account, request),
    password: secret,
    ...(account.expires !== undefined && {
      expiry: Math.floor(Date.parse(account.expires) / 1000),
    }),
  };
}

function loginCommand(account: Account): string {
  return `git credential-bitbucket login --account ${account.name}`;
}
