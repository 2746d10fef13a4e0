// How an account and a request fit together: by user, and by what the account covers. Spec, sections 2 and 3.
import { accountHost } from "../bitbucket/host.ts";
import {
  foldAscii,
  parseRepositoryPath,
  type RepositoryPath,
} from "../bitbucket/repository-url.ts";
import type { Request } from "../protocol/request.ts";
import type { Account } from "./account.ts";

/** From the closest fit to the widest; `perhaps` is a project account of which nobody knows yet whether the repository is inside. */
export const fits = ["repository", "project", "perhaps", "workspace", "host"] as const;
export type Fit = (typeof fits)[number];

/** @returns undefined when git sent no path, `odd` for one that names nothing on Bitbucket. */
export function pathOf(request: Pick<Request, "path">): RepositoryPath | "odd" | undefined {
  if (request.path === undefined || request.path === "") return undefined;
  return parseRepositoryPath(request.path) ?? "odd";
}

/** How the account covers a path of its host; undefined when it does not. Snippets belong to workspaces. */
export function fitOf(account: Account, path: RepositoryPath): Fit | undefined {
  const { scope, projectRepositories } = account;
  if (scope.level === "host") return "host";
  if (foldAscii(scope.workspace) !== path.workspace) return undefined;
  if (scope.level === "workspace") return "workspace";
  if (path.repository === undefined) return undefined;
  if (scope.level === "project")
    return projectFit(projectRepositories, `${path.workspace}/${path.repository}`);
  return foldAscii(scope.repository) === path.repository ? "repository" : undefined;
}

/** Whether the account may answer for the request, its user apart. A request without a path asks for the whole host. */
export function covers(account: Account, request: Pick<Request, "host" | "path">): boolean {
  if (accountHost(account.host) !== accountHost(request.host)) return false;
  const path = pathOf(request);
  return path === undefined || (path !== "odd" && fitOf(account, path) !== undefined);
}

/** Whether the username is the account's name, its real username, its email or its git username. */
export function isNamedBy(account: Account, username: string): boolean {
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
export function servesAnyUser({ kind, username }: Account): boolean {
  if (kind === "access-token") return true;
  return (kind === "api-token" || kind === "oauth-token") && username === undefined;
}

function projectFit(
  known: Readonly<Record<string, boolean>> | undefined,
  repository: string,
): Fit | undefined {
  if (known === undefined || !Object.hasOwn(known, repository)) return "perhaps";
  return known[repository] === true ? "project" : undefined;
}
