// What is recorded at the simulated Bitbucket: people, repositories, tokens.

export interface User {
  readonly username: string;
  readonly email: string;
  readonly displayName: string;
  readonly accountId: string;
  readonly uuid: string;
}

export interface Repository {
  readonly workspace: string;
  readonly slug: string;
  /** Key of the project it is in. */
  readonly project: string;
  readonly isPublic: boolean;
  readonly isSnippet: boolean;
}

export type Permission = "read" | "write" | "admin";

export type TokenKind =
  | "api-token"
  | "repository-access-token"
  | "project-access-token"
  | "workspace-access-token"
  | "oauth-token"
  | "app-password"
  | "account-password";

/** A workspace, or less of it. */
export interface Part {
  readonly workspace: string;
  readonly project?: string | undefined;
  readonly repository?: string | undefined;
}

export interface Token {
  /** For logs and expectations; never the secret. */
  readonly name: string;
  readonly kind: TokenKind;
  readonly secret: string;
  /** Username of the user it acts for; access tokens have none. */
  readonly owner?: string | undefined;
  /** What an access token is for, or what an API token is limited to. */
  readonly covers?: Part | undefined;
  /** Undefined for an API token made by the button without scopes. */
  readonly scopes: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly expires?: number | undefined;
}

/** What is told differently about the real one, or changed over time; each can be switched. */
export interface Quirks {
  /** LFS answers 403, not 401, to a request without credential: git-lfs#2658. */
  lfsForbidsAnonymous: boolean;
  /** REST takes an API token as Bearer: told of since September 2026. */
  bearerApiTokens: boolean;
  /** Form of `error.detail`. */
  detail: "object" | "string";
  /** A wiki asks for the wiki scopes instead of the repository's. */
  wikiScopes: boolean;
}

export interface TokenOptions {
  readonly name?: string;
  readonly scopes?: readonly string[];
  /** Counted from now. */
  readonly lifetimeSeconds?: number;
}

export type WorkspaceDemand = "allowed address" | "two-step login";
