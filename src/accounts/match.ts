// How an account and a request fit together: by user, and by what the account covers. docs/design.md, "Accounts and their choice".
import { accountHost } from "../servers/servers.ts";
import { foldAscii, type RepositoryPath } from "../servers/repository-path.ts";
import type { Account } from "./account.ts";
import { isLearned } from "./learned.ts";
import type { Target } from "./target.ts";

/** From the closest fit to the widest; `perhaps` is a project account of which nobody knows yet whether the repository is inside. */
export const fits = ["repository", "project", "perhaps", "workspace", "host"] as const;
export type Fit = (typeof fits)[number];

/**
 * How the account covers a path of its host; undefined when it does not. Snippets belong to workspaces. A login that git
 * reported covers nothing by its scope: learned.ts says what it answers.
 */
export function fitOf(account: Account, path: RepositoryPath): Fit | undefined {
  const { scope, projectRepositories } = account;
  if (isLearned(account)) return undefined;
  if (scope.level === "host") return "host";
  if (foldAscii(scope.workspace) !== path.workspace) return undefined;
  if (scope.level === "workspace") return "workspace";
  if (path.repository === undefined) return undefined;
  if (scope.level === "project")
    return projectFit(projectRepositories, `${path.workspace}/${path.repository}`);
  return foldAscii(scope.repository) === path.repository ? "repository" : undefined;
}

/** Whether the account may answer for the request, its user apart. A request without a path asks for the whole host. */
export function covers(account: Account, { host, place }: Pick<Target, "host" | "place">): boolean {
  if (isLearned(account) || accountHost(account.host) !== host) return false;
  return place === undefined || (place !== "odd" && fitOf(account, place) !== undefined);
}

/** Whether the username is the account's name, its real username, its email or its git username. */
export function isNamedBy(account: Account, username: string): boolean {
  if (isLearned(account)) return false;
  const asked = foldAscii(username);
  const { name, username: real, email, gitUsername } = account;
  return [name, real, email, gitUsername].some(
    (known) => known !== undefined && known !== "" && foldAscii(known) === asked,
  );
}

/**
 * Whether the account serves whoever is asked for: tokens that belong to no user, or to one we do not know.
 * A secret of unknown kind only ever serves the username it came with.
 */
export function servesAnyUser(account: Account): boolean {
  const { kind, username } = account;
  if (isLearned(account)) return false;
  if (kind === "access-token") return true;
  return (kind === "api-token" || kind === "oauth-token") && username === undefined;
}

/** Whether a success that git reports is one of this account: it covers the path and serves the user. */
export function isReportFor(
  account: Account,
  target: Pick<Target, "host" | "place" | "user">,
): boolean {
  const { user } = target;
  const isServed = user === undefined || isNamedBy(account, user) || servesAnyUser(account);
  return isServed && covers(account, target);
}

function projectFit(
  known: Readonly<Record<string, boolean>> | undefined,
  repository: string,
): Fit | undefined {
  if (known === undefined || !Object.hasOwn(known, repository)) return "perhaps";
  return known[repository] === true ? "project" : undefined;
}
