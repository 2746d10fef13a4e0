// What there is at this Bitbucket: people, workspaces, repositories, permissions and tokens. No transport, no rules of
// who may do what: those are in git-rules.ts and rest-rules.ts.
import { randomUUID } from "node:crypto";
import { mintAppPassword, mintAtlassianToken, mintOauthToken } from "./mint.ts";
import type {
  Part,
  Permission,
  Quirks,
  Repository,
  Token,
  TokenKind,
  TokenOptions,
  User,
  WorkspaceDemand,
} from "./records.ts";

/** Scopes that make an API token good for everything that is tested here. */
export const allApiScopes = [
  "read:repository:bitbucket",
  "write:repository:bitbucket",
  "read:user:bitbucket",
] as const;

const daySeconds = 86_400;
const graceAfterRotationSeconds = 1_800;

export class Site {
  readonly quirks: Quirks = {
    lfsForbidsAnonymous: false,
    bearerApiTokens: false,
    detail: "object",
    wikiScopes: false,
  };
  readonly users = new Map<string, User>();
  readonly repositories: Repository[] = [];
  readonly demands = new Map<string, WorkspaceDemand>();
  readonly #permissions = new Map<string, Permission>();
  readonly #tokens = new Map<string, Token>();
  readonly #revoked = new Set<string>();
  readonly now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(now: () => number) {
    this.now = now;
  }

  addUser(username: string, email = `${username}@example.com`): User {
    const user = {
      username,
      email,
      displayName: username.charAt(0).toUpperCase() + username.slice(1),
      accountId: `712020:${randomUUID()}`,
      uuid: `{${randomUUID()}}`,
    };
    this.users.set(username, user);
    return user;
  }

  /** @param path `workspace/repository`. */
  addRepository(path: string, options: { project?: string; isPublic?: boolean } = {}): Repository {
    return this.#add(path, {
      project: options.project ?? "CORE",
      isPublic: options.isPublic ?? false,
    });
  }

  /** @param path `workspace/id`. */
  addSnippet(path: string): Repository {
    return this.#add(path, { project: "", isPublic: false, isSnippet: true });
  }

  #add(
    path: string,
    rest: { project: string; isPublic: boolean; isSnippet?: boolean },
  ): Repository {
    const [workspace, slug] = split(path);
    const repository = { workspace, slug, isSnippet: false, ...rest };
    this.repositories.push(repository);
    return repository;
  }

  find(workspace: string, slug: string, isSnippet = false): Repository | undefined {
    return this.repositories.find(
      (one) => one.workspace === workspace && one.slug === slug && one.isSnippet === isSnippet,
    );
  }

  hasWorkspace(slug: string): boolean {
    return this.repositories.some((one) => one.workspace === slug);
  }

  /** @param what `workspace` or `workspace/repository`. */
  allow(username: string, what: string, permission: Permission): void {
    this.#permissions.set(`${username} ${what}`, permission);
  }

  permission(username: string, { workspace, slug }: Repository): Permission | undefined {
    return (
      this.#permissions.get(`${username} ${workspace}/${slug}`) ??
      this.#permissions.get(`${username} ${workspace}`)
    );
  }

  /** An API token with scopes; by default all that are needed. */
  apiToken(owner: string, options: TokenOptions & { workspace?: string } = {}): Token {
    const { workspace } = options;
    return this.#keep("api-token", mintAtlassianToken("api-token"), {
      lifetimeSeconds: 365 * daySeconds,
      scopes: allApiScopes,
      ...options,
      owner,
      covers: workspace === undefined ? undefined : { workspace },
    });
  }

  /** What the button without "with scopes" makes: looks the same and works nowhere at Bitbucket. */
  unscopedApiToken(owner: string, options: TokenOptions = {}): Token {
    const lifetimeSeconds = 365 * daySeconds;
    const secret = mintAtlassianToken("api-token");
    return this.#keep("api-token", secret, {
      lifetimeSeconds,
      ...options,
      owner,
      scopes: undefined,
    });
  }

  /** An access token of a repository, project or workspace; by default it may push and never expires. */
  accessToken(covers: Part, options: TokenOptions = {}): Token {
    const level =
      covers.repository === undefined
        ? covers.project === undefined
          ? "workspace"
          : "project"
        : "repository";
    const secret = mintAtlassianToken("access-token");
    return this.#keep(`${level}-access-token`, secret, {
      scopes: ["repository:write"],
      ...options,
      covers,
    });
  }

  /** @param options characters: real ones pass 2,500; lifetime 2 h unless told. */
  oauthToken(owner: string, options: TokenOptions & { characters?: number } = {}): Token {
    return this.#keep("oauth-token", mintOauthToken(options.characters ?? 2_600), {
      lifetimeSeconds: 7_200,
      scopes: ["account", "repository:write"],
      ...options,
      owner,
    });
  }

  appPassword(owner: string, options: TokenOptions = {}): Token {
    return this.#keep("app-password", mintAppPassword(), { scopes: [], ...options, owner });
  }

  /** The password of the person's Atlassian account, which git has not been allowed to use since 2022. */
  accountPassword(owner: string): Token {
    return this.#keep("account-password", `correct horse ${randomUUID()}`, { scopes: [], owner });
  }

  #keep(
    kind: TokenKind,
    secret: string,
    options: Omit<TokenOptions, "scopes"> &
      Pick<Token, "owner" | "covers"> & { scopes: Token["scopes"] },
  ): Token {
    const { lifetimeSeconds, owner, covers, scopes } = options;
    const name = options.name ?? `${kind} ${this.#tokens.size + 1}`;
    const expires =
      lifetimeSeconds === undefined ? undefined : this.now() + lifetimeSeconds * 1_000;
    const token = { name, kind, secret, owner, covers, scopes, expires };
    this.#tokens.set(secret, token);
    return token;
  }

  revoke(token: Token): void {
    this.#revoked.add(token.secret);
  }

  /** Makes a new secret for an access token; the old one works for a grace time. */
  rotate(token: Token): Token {
    const grace = this.now() + graceAfterRotationSeconds * 1_000;
    this.#tokens.set(token.secret, { ...token, expires: grace });
    const secret = mintAtlassianToken("access-token");
    const rotated = { ...token, secret };
    this.#tokens.set(secret, rotated);
    return rotated;
  }

  findToken(secret: string): Token | undefined {
    return this.#tokens.get(secret);
  }

  secrets(): readonly string[] {
    return [...this.#tokens.keys()];
  }

  isRevoked(token: Token): boolean {
    return this.#revoked.has(token.secret);
  }

  isExpired(token: Token): boolean {
    return token.expires !== undefined && token.expires <= this.now();
  }
}

function split(path: string): [string, string] {
  const [workspace, slug, ...rest] = path.split("/");
  if (workspace === undefined || slug === undefined || rest.length > 0)
    throw new Error(`not workspace/repository: ${path}`);
  return [workspace, slug];
}
