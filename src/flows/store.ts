// store: git says that a credential worked. One of ours is approved; one that is new to us is learned, for exactly what git
// reported it for: it may have been typed at git's question, or stood in a URL that somebody else wrote. git also reports
// a login that a public repository never looked at. See accounts/learned.ts.
import type { Account, Learned } from "../accounts/account.ts";
import { learnedName } from "../accounts/account-name.ts";
import { approve } from "../accounts/apply-verdict.ts";
import { hasFingerprint } from "../accounts/fingerprint.ts";
import { forgetLearned, keepAccount } from "../secrets/keep.ts";
import { isLearned, isOfPlace, placeOf, superfluous } from "../accounts/learned.ts";
import { isReportFor } from "../accounts/match.ts";
import { bitbucketHosts } from "../servers/cloud/host.ts";
import { parseRepositoryPath } from "../servers/cloud/repository-url.ts";
import { recognise, tokenKinds } from "../servers/cloud/token-kind.ts";
import type { Request } from "../protocol/request.ts";
import type { Secret } from "../secret.ts";
import { printable } from "../screen/printable.ts";
import { tellOfAppPassword } from "./app-password.ts";
import { repositoryOf } from "./choose-for-request.ts";
import { confirm } from "./confirm.ts";
import { isoInstant } from "../accounts/expiry-instant.ts";
import { holdsSecret } from "./holds-secret.ts";
import type { Ports } from "./context.ts";

/** A request that is whole and meant to be kept. */
type Success = Request & { readonly username: string; readonly password: Secret };

/** Throws what stores and registry throw when they cannot tell or keep; git ignores it, and nothing changed. */
export async function store(request: Request, ports: Ports): Promise<void> {
  if (!isToKeep(request, ports)) return;
  const place = placeOf(request);
  if (place === undefined) return;
  const accounts = await ports.registry.read();
  const own = accounts.filter((account) => account.host === request.host);
  let isKnown = false;
  let isHeld = false;
  for (const account of own) {
    if (!(await isHolder(account, place, request, ports))) continue;
    isHeld = true;
    const isMeant = isLearned(account) || isReportFor(account, request);
    isKnown ||= isMeant;
    await confirm(account, request, isMeant ? approval(account, request, ports) : undefined, ports);
  }
  if (isKnown) return;
  if (!isHeld && own.some((account) => wasBefore(account, place, request.password))) return;
  await learn(request, place, ports);
}

function isToKeep(request: Request, ports: Ports): request is Success {
  if (request.ephemeral || !request.username || request.password?.length === 0) return false;
  if (request.password === undefined) return false;
  if (ports.environmentToken?.secret.equals(request.password) === true) return false;
  return request.passwordExpiry === undefined || request.passwordExpiry * 1000 > ports.now();
}

/** A made account may be told of any place; of learned ones each place has its own copy. */
async function isHolder(
  account: Account,
  place: Learned,
  { password }: Success,
  ports: Ports,
): Promise<boolean> {
  if (isLearned(account) && !isOfPlace(account, place)) return false;
  // Its secret is deleted, and its fingerprint alone serves nobody.
  if (account.state === "rejected") return false;
  return await holdsSecret(account, password, ports);
}

function wasBefore(account: Account, place: Learned, secret: Secret): boolean {
  if (isLearned(account) && !isOfPlace(account, place)) return false;
  return account.superseded?.some((known) => hasFingerprint(secret, known)) ?? false;
}

/** @returns how the account is after git's success with its secret; undefined when that changes nothing. */
function approval(
  account: Account,
  request: Success,
  ports: Ports,
): ((account: Account) => Account) | undefined {
  const repository = repositoryOf(request);
  const inside =
    account.scope.level === "project" && repository !== undefined
      ? `${repository.workspace}/${repository.repository}`
      : undefined;
  const isKnown = inside === undefined || account.projectRepositories?.[inside] === true;
  if (account.state === "approved" && account.refusals === undefined && isKnown) return undefined;
  return (current) => learnInside(approve(current, ports.now()), inside);
}

function learnInside(account: Account, repository: string | undefined): Account {
  if (repository === undefined) return account;
  return {
    ...account,
    projectRepositories: { ...account.projectRepositories, [repository]: true },
  };
}

async function learn(request: Success, place: Learned, ports: Ports): Promise<void> {
  const kind = recognise(request.password, request.username);
  if (!tokenKinds[kind].usable) {
    tellOfAppPassword(request, ports);
    return;
  }
  if (!ports.learns) return;
  const named = place.path === undefined ? undefined : parseRepositoryPath(place.path);
  let former: Account | undefined;
  const account = await keepAccount(
    {
      name: learnedName(place),
      kind,
      host: request.host,
      // What it answers stands in `learned`; the scope only says no more than that.
      scope:
        named?.repository === undefined
          ? { level: "host" }
          : { level: "repository", workspace: named.workspace, repository: named.repository },
      gitUsername: place.username,
      learned: place,
      store: await ports.chooseStore(),
      state: "approved",
      validated: new Date(ports.now()).toISOString(),
      expires: isoInstant(request.passwordExpiry),
    },
    request.password,
    ports,
    (accounts) =>
      (former = accounts.find((one) => one.host === request.host && isOfPlace(one, place))),
    request.oauthRefreshToken,
  );
  ports.log.info({ account: account.name }, "learned");
  if (former === undefined) tell(account, place, ports);
  const gone = superfluous(await ports.registry.read());
  await forgetLearned(gone, ports);
  for (const other of gone) ports.forgotten?.(other);
}

/**
 * Said once. Not for hosts that the person has named in the settings: `login` makes no accounts for them, so that git's
 * report is the usual way there, and git's own tests want a helper to be silent.
 */
function tell({ name, host }: Account, { username, path }: Learned, ports: Ports): void {
  if (!bitbucketHosts.includes(host)) return;
  const what = path === undefined ? "what no account answers" : `${path} only`;
  ports.note(
    `git logged in as ${printable(username)} with a secret of its own, which is kept for ${printable(what)}`,
    `git credential-bitbucket logout ${name}`,
  );
}
