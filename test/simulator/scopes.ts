// Which scopes are needed for what. docs/bitbucket.md, "Scopes".
import type { Token } from "./records.ts";

/** Each alternative list must be granted as a whole; a token is of one family, so only one list can fit. */
export interface ScopeNeed {
  readonly api: readonly string[];
  readonly classic: readonly string[];
}

export const needs = {
  readUser: { api: ["read:user:bitbucket"], classic: ["account"] },
  readEmails: { api: ["read:user:bitbucket"], classic: ["email"] },
  readWorkspace: { api: ["read:workspace:bitbucket"], classic: ["account"] },
  readRepository: { api: ["read:repository:bitbucket"], classic: ["repository"] },
  writeRepository: {
    api: ["read:repository:bitbucket", "write:repository:bitbucket"],
    classic: ["repository:write"],
  },
  readWiki: { api: ["read:wiki:bitbucket"], classic: ["repository"] },
  writeWiki: {
    api: ["read:wiki:bitbucket", "write:wiki:bitbucket"],
    classic: ["repository:write"],
  },
  readSnippet: { api: ["read:snippet:bitbucket"], classic: ["snippet"] },
  writeSnippet: {
    api: ["read:snippet:bitbucket", "write:snippet:bitbucket"],
    classic: ["snippet:write"],
  },
} as const satisfies Readonly<Record<string, ScopeNeed>>;

const cascade: Readonly<Record<string, readonly string[]>> = {
  "account:write": ["account"],
  "repository:write": ["repository"],
  "pullrequest:write": ["pullrequest", "repository:write", "repository"],
  pullrequest: ["repository"],
  project: ["repository"],
  "snippet:write": ["snippet"],
};

/** @returns what the token's family wants for this. */
export function required(token: Token, need: ScopeNeed): readonly string[] {
  return token.kind === "api-token" ? need.api : need.classic;
}

export function satisfies(token: Token, need: ScopeNeed): boolean {
  const named = token.scopes ?? [];
  const granted = new Set([...named, ...named.flatMap((scope) => cascade[scope] ?? [])]);
  return required(token, need).every((scope) => granted.has(scope));
}
