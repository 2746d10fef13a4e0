// An account: a named login of ours, never its secret. docs/design.md, "Accounts and their choice".
import { foldAscii, type RepositoryName } from "../servers/repository-path.ts";
import { type TokenKind, tokenKinds } from "../servers/token-kind.ts";
import { usualServer } from "../servers/servers.ts";
import { HelperError } from "../errors.ts";
import type { Request } from "../protocol/request.ts";
import { hasToken } from "../screen/redact.ts";
import type { StoreName } from "../store-names.ts";

/** What an account covers, from the whole host down to one repository. A project is the key inside its workspace. */
export type AccountScope =
  | { readonly level: "host" }
  | { readonly level: "workspace"; readonly workspace: string }
  | { readonly level: "project"; readonly workspace: string; readonly project: string }
  | { readonly level: "repository"; readonly workspace: string; readonly repository: string };

/** What is recorded; `expired` is not recorded but follows from the clock: see accountState. */
export type RecordedState = "approved" | "unverified" | "rejected";
export type AccountState = RecordedState | "expired";

/** What git reported a login for: it holds for exactly this, on the account's host. */
export interface Learned {
  /** As git sent it. */
  readonly username: string;
  /** As git compares it: without slashes at its ends. Undefined when git sent none. */
  readonly path?: string | undefined;
}

export interface Account {
  readonly name: string;
  readonly kind: TokenKind;
  readonly host: string;
  readonly scope: AccountScope;
  /** What git is told unless the request names the real username. */
  readonly gitUsername: string;
  /** The real Bitbucket username, when known. */
  readonly username?: string | undefined;
  /** The Atlassian account email, the REST identity of an API token. */
  readonly email?: string | undefined;
  /** True once Bitbucket accepted the email: only then its 401 is proof against the token. */
  readonly emailConfirmed?: boolean | undefined;
  readonly store: StoreName;
  /** Where in the store the secret lies; a new one for each secret, so that a crash leaves the old or the new. */
  readonly secretKey: string;
  /** True when an OAuth refresh token lies beside the secret, under refreshKey(). */
  readonly hasRefreshToken?: boolean | undefined;
  readonly state: RecordedState;
  /** Why Bitbucket rejected it, for people. Nobody else's word makes an account `rejected`. */
  readonly reason?: string | undefined;
  /** When git was refused with the token, since Bitbucket last said what it is worth: ISO 8601 instants, see refusals.ts. */
  readonly refusals?: readonly string[] | undefined;
  /** True when nobody said the scope but it was taken from a path: what Bitbucket says the token covers may widen it. */
  readonly scopeGuessed?: boolean | undefined;
  /** ISO 8601 instants. */
  readonly created: string;
  readonly validated?: string | undefined;
  /** When a check was last tried, whatever came of it. */
  readonly checked?: string | undefined;
  /** True when that check did not get as far as Bitbucket. */
  readonly unreached?: true | undefined;
  readonly expires?: string | undefined;
  /** Scopes as Bitbucket names them in x-oauth-scopes; undefined when never seen. */
  readonly scopes?: readonly string[] | undefined;
  /** For project accounts: which repositories are known to be inside (true) or outside (false), by `workspace/repository`. */
  readonly projectRepositories?: Readonly<Record<string, boolean>> | undefined;
  /** Undefined for an account that a person made: logged in, migrated, typed at our question. Else see learned.ts. */
  readonly learned?: Learned | undefined;
  /** Of the secret in the store, to recognise it without opening the store; absent for kinds that could be guessed. */
  readonly fingerprint?: string | undefined;
  /** Fingerprints of secrets this account had before: git may still send one to `store`. */
  readonly superseded?: readonly string[] | undefined;
}

/** Whether both are the same account with the same secret: one that was renewed meanwhile has its secret under a new key. */
export function isSameRecord(one: Account, other: Account): boolean {
  return one.name === other.name && one.secretKey === other.secretKey;
}

/** Where in the account's store its refresh token lies. */
export function refreshKey({ secretKey }: Pick<Account, "secretKey">): string {
  return `${secretKey}${refreshEnd}`;
}

const refreshEnd = "/refresh";

/** @returns the secret's key whose refresh token lies under this one; undefined for the key of a secret. */
export function keyOfRefresh(key: string): string | undefined {
  return key.endsWith(refreshEnd) ? key.slice(0, -refreshEnd.length) : undefined;
}

/** Whether the account cannot be served: its kind works no more, or its token is rejected or expired. */
export function isDead(account: Account, now: number): boolean {
  const state = accountState(account, now);
  return !tokenKinds[account.kind].usable || state === "rejected" || state === "expired";
}

/** @returns the state at the given instant (milliseconds since 1970). */
export function accountState(account: Account, now: number): AccountState {
  if (account.state === "rejected") return "rejected";
  return isPastEnd(account, now) ? "expired" : account.state;
}

/** Whether the end that was written down for the token has come. */
export function isPastEnd({ expires }: Pick<Account, "expires">, now: number): boolean {
  return expires !== undefined && Date.parse(expires) <= now;
}

/**
 * The username git is told. A real username stays, in the spelling Bitbucket knows, when the request asks for it by name;
 * anything else in the URL is overridden, since only the kind's own username works. docs/design.md, "What git calls".
 */
export function answerUsername(account: Account, request: Pick<Request, "username">): string {
  const { kind, username, gitUsername, learned } = account;
  if (learned !== undefined) return learned.username;
  const asked = request.username;
  if (kind !== "api-token" || username === undefined || asked === undefined) return gitUsername;
  return foldAscii(asked) === foldAscii(username) ? username : gitUsername;
}

/** What Bitbucket is asked about beside the token: a token may live, and not see what its account is for. */
export function repositoryOf({ scope }: Pick<Account, "scope">): RepositoryName | undefined {
  return scope.level === "repository" ? scope : undefined;
}

/** For people: `repository acme/api`, `project acme/CORE`, `workspace acme`, `every repository`. */
export function scopeText(scope: AccountScope): string {
  if (scope.level === "host") return "every repository";
  if (scope.level === "workspace") return `workspace ${scope.workspace}`;
  if (scope.level === "project") return `project ${scope.workspace}/${scope.project}`;
  return `repository ${scope.workspace}/${scope.repository}`;
}

/** What the account answers for, for people: scopeText, or for a login that git reported `acme/api.git as alice`. */
export function coverageText({ scope, learned }: Pick<Account, "scope" | "learned">): string {
  if (learned === undefined) return scopeText(scope);
  return `${learned.path ?? "what no other account answers"} as ${learned.username}`;
}

/** The options of a command line that say a scope: W, W/KEY and W/R. */
export interface ScopeOptions {
  readonly workspace?: string | undefined;
  readonly project?: string | undefined;
  readonly repository?: string | undefined;
}

/** @returns undefined when none is given. Throws HelperError `usage` for more than one, or one that names nothing. */
export function parseScope(options: ScopeOptions): AccountScope | undefined {
  const { workspace, project, repository } = options;
  const given = [workspace, project, repository].filter((option) => option !== undefined);
  if (given.some(hasToken)) throw usage("that is a token, and not what it is for");
  if (given.length > 1) throw usage("give one of --workspace, --project and --repository");
  if (workspace !== undefined) return parseWorkspace(workspace);
  if (project !== undefined) return parseProject(project);
  return repository === undefined ? undefined : parseRepository(repository);
}

function parseWorkspace(text: string): AccountScope {
  const path = usualServer.parsePath(`${text}/any`);
  if (path?.part !== "repository") throw usage("--workspace wants a workspace, such as acme");
  return { level: "workspace", workspace: path.workspace };
}

// Bitbucket's project keys are letters, digits and underscores, always in upper case.
function parseProject(text: string): AccountScope {
  const path = usualServer.parsePath(text);
  const project = path?.repository?.toUpperCase();
  if (path?.part !== "repository" || project === undefined || !/^[A-Z]\w*$/u.test(project))
    throw usage("--project wants WORKSPACE/KEY, such as acme/CORE");
  return { level: "project", workspace: path.workspace, project };
}

function parseRepository(text: string): AccountScope {
  const path = usualServer.parsePath(text);
  if (path?.part !== "repository" || path.repository === undefined)
    throw usage("--repository wants WORKSPACE/REPOSITORY, such as acme/api");
  return { level: "repository", workspace: path.workspace, repository: path.repository };
}

function usage(message: string): HelperError {
  return new HelperError("usage", message, { hint: "git credential-bitbucket help login" });
}
