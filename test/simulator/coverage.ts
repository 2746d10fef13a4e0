// Whether a token sees a repository at all, before its scopes are looked at.
import type { Permission, Repository, Token } from "./records.ts";
import type { Site } from "./site.ts";

/** @returns false when the repository lies outside what the token is for or limited to. */
export function covers(
  token: Token,
  repository: Pick<Repository, "workspace" | "slug" | "project">,
): boolean {
  const part = token.covers;
  if (part === undefined) return true;
  return (
    part.workspace === repository.workspace &&
    (part.project === undefined || part.project === repository.project) &&
    (part.repository === undefined || part.repository === repository.slug)
  );
}

/** @returns what its user may do there; an access token may do what its scopes say. */
export function permission(
  site: Site,
  token: Token,
  repository: Repository,
): Permission | undefined {
  if (token.owner === undefined) return "admin";
  return site.permission(token.owner, repository) ?? (repository.isPublic ? "read" : undefined);
}
