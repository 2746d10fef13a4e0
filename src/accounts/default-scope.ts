// The scope of an account that a person makes in the middle of git's work, or by migrate, where nobody says it.
import type { RepositoryPath } from "../servers/repository-path.ts";
import type { TokenKind } from "../servers/token-kind.ts";
import type { Account } from "./account.ts";

/**
 * A user's token opens what its user may see, so it gets the whole host, unless another account has that already: then
 * the workspace. Any other kind gets no more than the repository it worked for.
 * @param living the approved accounts of the host.
 */
export function guessScope(
  kind: TokenKind,
  path: RepositoryPath | undefined,
  living: readonly Account[],
): Pick<Account, "scope" | "scopeGuessed"> {
  if (path === undefined) return { scope: { level: "host" } };
  const { workspace, repository } = path;
  if (kind === "api-token" || kind === "oauth-token") {
    const isHostTaken = living.some((account) => account.scope.level === "host");
    return { scope: isHostTaken ? { level: "workspace", workspace } : { level: "host" } };
  }
  if (repository === undefined) return { scope: { level: "workspace", workspace } };
  return { scope: { level: "repository", workspace, repository }, scopeGuessed: true };
}
