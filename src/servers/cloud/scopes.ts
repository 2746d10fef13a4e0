// What a token's scopes allow. Atlassian: "API token permissions" (names …:bitbucket, none implies another) and
// "Scopes for the Bitbucket Cloud REST API" (the classic ones, where some do).
import type { TokenKind } from "../token-kind.ts";
import type { Blocked } from "../verdict.ts";

export type Need = "fetch" | "push" | "check";

interface Needed {
  /** As API tokens name it. */
  readonly api: string;
  readonly classic: string;
}

const read: Needed = { api: "read:repository:bitbucket", classic: "repository" };
const write: Needed = { api: "write:repository:bitbucket", classic: "repository:write" };
const user: Needed = { api: "read:user:bitbucket", classic: "account" };

const needs: Readonly<Record<Need, readonly Needed[]>> = {
  fetch: [read],
  push: [read, write],
  check: [user],
};

// repository:admin implies neither of the others.
const implied: ReadonlyMap<string, readonly string[]> = new Map([
  ["repository:write", ["repository"]],
  ["pullrequest", ["repository"]],
  ["pullrequest:write", ["pullrequest", "repository:write"]],
  ["project", ["repository"]],
  ["account:write", ["account"]],
]);

/**
 * The scopes a token lacks, in the names of its kind; for a kind we do not know, in those of the scopes it has.
 * An access token belongs to no user and needs none for `check`.
 */
export function missingScopes(kind: TokenKind, scopes: readonly string[], need: Need): string[] {
  if (kind === "access-token" && need === "check") return [];
  const granted = withImplied(scopes);
  const names = namesFor(kind, scopes);
  const missing = needs[need].filter(
    ({ api, classic }) => !granted.has(api) && !granted.has(classic),
  );
  // A classic write scope brings the read scope with it.
  const asked = names === "classic" ? missing.slice(-1) : missing;
  return asked.map((needed) => needed[names]);
}

/** @returns undefined when fetch and push both work. */
export function blockedByScopes(kind: TokenKind, scopes: readonly string[]): Blocked | undefined {
  const missing = missingScopes(kind, scopes, "push");
  if (missing.length === 0) return undefined;
  const fetches = missingScopes(kind, scopes, "fetch").length === 0;
  return { blocks: fetches ? "push" : "fetch and push", missing };
}

function withImplied(scopes: readonly string[]): ReadonlySet<string> {
  const all = new Set(scopes);
  // What is added while a set is walked is walked too.
  for (const scope of all) for (const other of implied.get(scope) ?? []) all.add(other);
  return all;
}

function namesFor(kind: TokenKind, scopes: readonly string[]): keyof Needed {
  if (kind === "api-token") return "api";
  if (kind === "access-token" || kind === "oauth-token") return "classic";
  return scopes.some((scope) => scope.endsWith(":bitbucket")) ? "api" : "classic";
}
