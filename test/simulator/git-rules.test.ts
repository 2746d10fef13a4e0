// Every status of Bitbucket's git over HTTPS. docs/bitbucket.md, "Git over HTTPS".
import { describe, expect, test } from "vitest";
import { basicRealm, gitTexts } from "./answer.ts";
import { answerGit, type GitRequest } from "./git-rules.ts";
import { basic, openRules } from "./rules-world.ts";
import type { Token } from "./records.ts";
import type { Site } from "./site.ts";

const forApi = "x-bitbucket-api-token-auth";
const forAccess = "x-token-auth";
const api = { workspace: "acme", repository: "api", part: "repository" } as const;
const web = { ...api, repository: "web" } as const;
const tools = { ...api, repository: "tools" } as const;
const missing = { ...api, repository: "missing" } as const;
const lib = { workspace: "globex", repository: "lib", part: "repository" } as const;
const wiki = { ...api, part: "wiki" } as const;
const lfs = { ...api, part: "lfs" } as const;
const snippet = { workspace: "acme", repository: "sn1pp", part: "snippet" } as const;

type Texts = keyof typeof gitTexts;
type Row = readonly [
  title: string,
  username: string,
  token: (site: Site) => Token | string,
  target: GitRequest["target"],
  operation: GitRequest["operation"],
  status: number,
  text?: Texts,
];

const repositoryToken = (site: Site): Token =>
  site.accessToken({ workspace: "acme", repository: "api" });
const projectToken = (site: Site): Token =>
  site.accessToken({ workspace: "acme", project: "CORE" });
const workspaceToken = (site: Site): Token => site.accessToken({ workspace: "acme" });
const aliceToken = (site: Site): Token => site.apiToken("alice");
const scoped =
  (...scopes: readonly string[]) =>
  (site: Site): Token =>
    site.apiToken("alice", { scopes });
const classic =
  (...scopes: readonly string[]) =>
  (site: Site): Token =>
    site.accessToken({ workspace: "acme", repository: "api" }, { scopes });
const revoked =
  (make: (site: Site) => Token) =>
  (site: Site): Token => {
    const token = make(site);
    site.revoke(token);
    return token;
  };

const rows: readonly Row[] = [
  ["an API token with the fixed username", forApi, aliceToken, api, "write", 200],
  ["an API token with the real username", "alice", aliceToken, api, "write", 200],
  ["a username in other letters", "Alice", aliceToken, api, "read", 401, "noAccess"],
  ["an email as username", "alice@example.com", aliceToken, api, "read", 401, "noAccess"],
  ["an API token with x-token-auth", forAccess, aliceToken, api, "read", 401, "noAccess"],
  ["somebody else's username", "bob", aliceToken, api, "read", 401, "noAccess"],
  ["an empty password", "alice", () => "", api, "read", 401, "noAccess"],
  ["a wrong password", "alice", () => "guess", api, "read", 401, "noAccess"],
  [
    "a token without scopes",
    forApi,
    (s) => s.unscopedApiToken("alice"),
    api,
    "read",
    401,
    "noAccess",
  ],
  ["a revoked API token", forApi, revoked(aliceToken), api, "read", 401, "noAccess"],
  ["a revoked access token", forAccess, revoked(repositoryToken), api, "read", 401, "noAccess"],
  ["a repository token", forAccess, repositoryToken, api, "write", 200],
  [
    "a repository token, another repository",
    forAccess,
    repositoryToken,
    web,
    "read",
    401,
    "noAccess",
  ],
  [
    "an access token, fixed username of API tokens",
    forApi,
    repositoryToken,
    api,
    "read",
    401,
    "noAccess",
  ],
  ["an access token with a real username", "alice", repositoryToken, api, "read", 401, "noAccess"],
  ["a project token, inside", forAccess, projectToken, web, "write", 200],
  ["a project token, another project", forAccess, projectToken, tools, "read", 401, "noAccess"],
  ["a workspace token", forAccess, workspaceToken, tools, "write", 200],
  ["a workspace token, another workspace", forAccess, workspaceToken, lib, "read", 401, "noAccess"],
  ["an OAuth token", forAccess, (s) => s.oauthToken("alice"), api, "write", 200],
  [
    "an OAuth token with the real username",
    "alice",
    (s) => s.oauthToken("alice"),
    api,
    "write",
    200,
  ],
  ["an app password", "alice", (s) => s.appPassword("alice"), api, "read", 410, "removed"],
  [
    "an account's password",
    "alice",
    (s) => s.accountPassword("alice"),
    api,
    "read",
    401,
    "accountPassword",
  ],
  ["reading with the scope to read", forApi, scoped("read:repository:bitbucket"), api, "read", 200],
  [
    "writing with the scope to read",
    forApi,
    scoped("read:repository:bitbucket"),
    api,
    "write",
    403,
    "lacksScope",
  ],
  [
    "writing with the scope to write only",
    forApi,
    scoped("write:repository:bitbucket"),
    api,
    "write",
    403,
    "lacksScope",
  ],
  [
    "reading with the scope to write only",
    forApi,
    scoped("write:repository:bitbucket"),
    api,
    "read",
    403,
    "lacksScope",
  ],
  [
    "reading with the scope to administer",
    forApi,
    scoped("admin:repository:bitbucket"),
    api,
    "read",
    403,
    "lacksScope",
  ],
  [
    "a classic scope to write, which covers reading",
    forAccess,
    classic("repository:write"),
    api,
    "read",
    200,
  ],
  [
    "a classic scope to read, writing",
    forAccess,
    classic("repository"),
    api,
    "write",
    403,
    "lacksScope",
  ],
  [
    "pullrequest:write, which covers writing",
    forAccess,
    classic("pullrequest:write"),
    api,
    "write",
    200,
  ],
  ["project, which covers reading", forAccess, classic("project"), api, "read", 200],
  [
    "a token limited to this workspace",
    forApi,
    (s) => s.apiToken("alice", { workspace: "acme" }),
    api,
    "read",
    200,
  ],
  [
    "a token limited to another workspace",
    forApi,
    (s) => s.apiToken("alice", { workspace: "globex" }),
    api,
    "read",
    401,
    "noAccess",
  ],
  ["no permission", forApi, (s) => s.apiToken("eve"), api, "read", 403, "noPermission"],
  [
    "permission to read, writing",
    forApi,
    (s) => s.apiToken("bob"),
    api,
    "write",
    403,
    "noPermission",
  ],
  ["a repository that is not there", forApi, aliceToken, missing, "read", 403, "noPermission"],
  ["another workspace of the same user", forApi, aliceToken, lib, "write", 200],
  ["the wiki with the repository's scopes", forApi, aliceToken, wiki, "write", 200],
  ["LFS", forApi, aliceToken, lfs, "write", 200],
  [
    "a snippet with the repository's scopes",
    forApi,
    aliceToken,
    snippet,
    "read",
    403,
    "lacksScope",
  ],
  ["a snippet with its scope", forApi, scoped("read:snippet:bitbucket"), snippet, "read", 200],
];

describe("with a credential", () => {
  test.each(rows.map((row) => [row[0], row] as const))("%s", (_title, row) => {
    const [, username, token, target, operation, status, text] = row;
    const { site } = openRules();
    const made = token(site);
    const authorization = basic(username, typeof made === "string" ? made : made.secret);
    const answer = answerGit(site, { authorization, target, operation });
    expect(answer.status).toBe(status);
    expect(answer.body).toBe(text === undefined ? "" : `${gitTexts[text]}\n`);
    expect(answer.headers["www-authenticate"]).toBe(status === 401 ? basicRealm : undefined);
  });
});
