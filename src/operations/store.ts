// store: git says that a credential worked. One of ours is approved; one that is new to us becomes an account. Spec 2.
import { type Account, accountState } from "../accounts/account.ts";
import { approve } from "../accounts/apply-verdict.ts";
import { hasFingerprint } from "../accounts/fingerprint.ts";
import { keepAccount } from "../accounts/keep.ts";
import { guessScope, isSameLogin, type Login } from "../accounts/login.ts";
import { recognise, type TokenKind, tokenKinds } from "../bitbucket/token-kind.ts";
import { parseRepositoryPath } from "../bitbucket/repository-url.ts";
import type { Request } from "../protocol/request.ts";
import type { Secret } from "../secret.ts";
import { tellOfAppPassword } from "./app-password.ts";
import { repositoryOf } from "./choose-for-request.ts";
import { holdsSecret } from "./holds-secret.ts";
import type { Ports } from "./ports.ts";

/** A request that is whole and meant to be kept. */
type Success = Request & { readonly username: string; readonly password: Secret };

/** Throws what stores and registry throw when they cannot tell or keep; git ignores it, and nothing changed. */
export async function store(request: Request, ports: Ports): Promise<void> {
  if (!isToKeep(request, ports)) return;
  const accounts = await ports.registry.read();
  const own = accounts.filter((account) => account.host === request.host);
  if (own.some((account) => wasBefore(account, request.password))) return;
  for (const account of own) {
    if (await holdsSecret(account, request.password, ports)) {
      await approveServed(account, request, ports);
      return;
    }
  }
  await keepNew(request, own, ports);
}

function isToKeep(request: Request, ports: Ports): request is Success {
  if (request.ephemeral || !request.username || request.password?.length === 0) return false;
  if (request.password === undefined) return false;
  if (ports.environmentToken?.secret.equals(request.password) === true) return false;
  return request.passwordExpiry === undefined || request.passwordExpiry * 1000 > ports.now();
}

function wasBefore(account: Account, secret: Secret): boolean {
  return account.superseded?.some((known) => hasFingerprint(secret, known)) ?? false;
}

async function approveServed(account: Account, request: Success, ports: Ports): Promise<void> {
  const repository = repositoryOf(request);
  const inside =
    account.scope.level === "project" && repository !== undefined
      ? `${repository.workspace}/${repository.repository}`
      : undefined;
  const isKnown = inside === undefined || account.projectRepositories?.[inside] === true;
  if (account.state === "approved" && isKnown) return;
  await ports.registry.update((accounts) =>
    accounts.map((other) =>
      other.name === account.name && other.secretKey === account.secretKey
        ? learnInside(approve(other, ports.now()), inside)
        : other,
    ),
  );
}

function learnInside(account: Account, repository: string | undefined): Account {
  if (repository === undefined) return account;
  return {
    ...account,
    projectRepositories: { ...account.projectRepositories, [repository]: true },
  };
}

async function keepNew(request: Success, own: readonly Account[], ports: Ports): Promise<void> {
  const kind = recognise(request.password, request.username);
  if (!tokenKinds[kind].usable) {
    tellOfAppPassword(request, ports);
    return;
  }
  const path = request.path === undefined ? undefined : parseRepositoryPath(request.path);
  // A path that names nothing of Bitbucket's gives no scope, and a wider one than asked for would be a guess.
  if (request.path !== undefined && path === undefined) return;
  const living = own.filter((account) => accountState(account, ports.now()) === "approved");
  const login: Login = { ...identity(kind, request), ...guessScope(kind, path, living) };
  if (kind !== "unknown" && living.some((account) => isSameLogin(account, login))) return;
  const account = await keepAccount(
    {
      ...login,
      store: await ports.chooseStore(),
      state: "approved",
      validated: new Date(ports.now()).toISOString(),
      expires: isoInstant(request.passwordExpiry),
    },
    request.password,
    ports,
    (accounts) => accounts.find((other) => isSameLogin(other, login)),
    request.oauthRefreshToken,
  );
  ports.checkLater(account.name);
}

/** A real username that worked is the person's; the names that Bitbucket gives to kinds say nothing of who it is. */
function identity(
  kind: TokenKind,
  request: Success,
): Pick<Account, "kind" | "host" | "gitUsername" | "username"> {
  const { gitUsername } = tokenKinds[kind];
  const isOfKind = request.username === gitUsername;
  return {
    kind,
    host: request.host,
    gitUsername: gitUsername ?? request.username,
    ...(!isOfKind && kind !== "access-token" && { username: request.username }),
  };
}

/** Git takes any number; what no calendar has counts as never. */
function isoInstant(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  const instant = new Date(seconds * 1000);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}
