// Which login a secret that git reports belongs to: the scope it gets, and whether an account is the same login already.
import type { RepositoryPath } from "../bitbucket/repository-url.ts";
import type { TokenKind } from "../bitbucket/token-kind.ts";
import { type Account, scopeText } from "./account.ts";

export type Login = Pick<
  Account,
  "kind" | "host" | "gitUsername" | "username" | "scope" | "scopeGuessed"
>;

/**
 * A user's token opens what its user may see, so it gets the whole host, unless another account has that already: then
 * the workspace. Any other kind gets no more than the repository it worked for.
 * @param living the approved accounts of the host.
 */
export function guessScope(
  kind: TokenKind,
  path: RepositoryPath | undefined,
  living: readonly Account[],
): Pick<Login, "scope" | "scopeGuessed"> {
  if (path === undefined) return { scope: { level: "host" } };
  const { workspace, repository } = path;
  if (kind === "api-token" || kind === "oauth-token") {
    const isHostTaken = living.some((account) => account.scope.level === "host");
    return { scope: isHostTaken ? { level: "workspace", workspace } : { level: "host" } };
  }
  if (repository === undefined) return { scope: { level: "workspace", workspace } };
  return { scope: { level: "repository", workspace, repository }, scopeGuessed: true };
}

/** Whether a new secret of this login would take the place of the account's. */
export function isSameLogin(account: Account, login: Login): boolean {
  return (
    account.host === login.host &&
    account.kind === login.kind &&
    account.gitUsername === login.gitUsername &&
    isSameUser(account.username, login.username) &&
    scopeText(account.scope) === scopeText(login.scope)
  );
}

function isSameUser(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
