// THE table of token kinds: what git and REST want for each. docs/bitbucket.md, "Token kinds".
import type { Secret } from "../secret.ts";

export type TokenKind =
  "api-token" | "access-token" | "oauth-token" | "app-password" | "data-center-token" | "unknown";

export interface TokenKindFacts {
  /** What people call it. */
  readonly title: string;
  /** The username git must send; undefined when the person's own username is the only one that could work. */
  readonly gitUsername: string | undefined;
  /** How REST 2.0 wants it. */
  readonly restAuth: "basic-email" | "bearer" | "none";
  /** False when it can never work with bitbucket.org, whatever anybody answers. */
  readonly usable: boolean;
  /** Where a person makes a new one. */
  readonly made: string;
  /** Recognises the kind by the secret's shape; the first match in the order of this table counts. */
  readonly shape: RegExp | undefined;
}

export const tokenKinds: Readonly<Record<TokenKind, TokenKindFacts>> = {
  "api-token": {
    title: "user API token",
    gitUsername: "x-bitbucket-api-token-auth",
    restAuth: "basic-email",
    usable: true,
    made: "https://id.atlassian.com/manage-profile/security/api-tokens",
    shape: /^ATAT/u,
  },
  "access-token": {
    title: "access token",
    gitUsername: "x-token-auth",
    restAuth: "bearer",
    usable: true,
    made: "repository, project or workspace settings > Security > Access tokens",
    shape: /^ATCT/u,
  },
  "oauth-token": {
    title: "OAuth access token",
    gitUsername: "x-token-auth",
    restAuth: "bearer",
    usable: true,
    made: "workspace settings > OAuth consumers",
    shape: /^eyJ[\w-]*\.[\w-]+\.[\w-]*$/u,
  },
  "app-password": {
    title: "app password",
    gitUsername: undefined,
    restAuth: "none",
    usable: false,
    made: "https://id.atlassian.com/manage-profile/security/api-tokens",
    shape: /^ATBB/u,
  },
  "data-center-token": {
    title: "Bitbucket Data Center token",
    gitUsername: undefined,
    restAuth: "none",
    usable: false,
    made: "https://id.atlassian.com/manage-profile/security/api-tokens",
    shape: /^BBDC-/u,
  },
  unknown: {
    title: "token of unknown kind",
    gitUsername: undefined,
    restAuth: "none",
    usable: true,
    made: "https://id.atlassian.com/manage-profile/security/api-tokens",
    shape: undefined,
  },
};

export const tokenKindNames = Object.keys(tokenKinds) as readonly TokenKind[];

/**
 * The shape decides. A secret of no known shape is known by the username it came with, if that is one of Bitbucket's own;
 * an older app password (20 characters) cannot be told from anything else.
 */
export function recognise(secret: Secret, username?: string): TokenKind {
  const byShape = tokenKindNames.find((kind) => {
    const { shape } = tokenKinds[kind];
    return shape !== undefined && secret.matches(shape);
  });
  return byShape ?? kindOfUsername.get(username ?? "") ?? "unknown";
}

// Both kinds of x-token-auth are served alike; an access token without its shape has not been seen.
const kindOfUsername: ReadonlyMap<string, TokenKind> = new Map([
  ["x-token-auth", "oauth-token"],
  ["x-bitbucket-api-token-auth", "api-token"],
]);
