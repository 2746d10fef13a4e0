// Every status of REST 2.0. docs/bitbucket.md, "REST".
import { describe, expect, test } from "vitest";
import { basicRealm, lacksScope, noAccess, type Answer } from "./answer.ts";
import { answerRest } from "./rest-rules.ts";
import { basic, bearer, openRules } from "./rules-world.ts";
import type { Token } from "./records.ts";
import type { Site } from "./site.ts";

const invalid = "Token is invalid, expired, or not supported for this endpoint.";
const alice = "alice@example.com";
const user = "/2.0/user";
const api = "/2.0/repositories/acme/api";

interface RestBody {
  readonly error?: { readonly message: string; readonly detail?: unknown };
}

function message({ body }: Answer): string | undefined {
  return body === "" ? "" : (JSON.parse(body) as RestBody).error?.message;
}

type Row = readonly [
  title: string,
  authorization: (site: Site) => string | undefined,
  path: string,
  status: number,
  message?: string,
];

const asAlice = ({ secret }: Token): string => basic(alice, secret);
const asBearer = ({ secret }: Token): string => bearer(secret);
const noEmail = (site: Site): Token =>
  site.apiToken("alice", { scopes: ["read:repository:bitbucket"] });
const noRead = (site: Site): Token => site.apiToken("alice", { scopes: ["read:user:bitbucket"] });
const repositoryToken = (site: Site): Token =>
  site.accessToken({ workspace: "acme", repository: "api" });
const revoked = (site: Site, token: Token): Token => {
  site.revoke(token);
  return token;
};

const rows: readonly Row[] = [
  ["an API token with its email", (s) => asAlice(s.apiToken("alice")), user, 200],
  [
    "a username instead of the email",
    (s) => basic("alice", s.apiToken("alice").secret),
    user,
    401,
    "",
  ],
  [
    "git's username",
    (s) => basic("x-bitbucket-api-token-auth", s.apiToken("alice").secret),
    user,
    401,
    "",
  ],
  [
    "somebody else's email",
    (s) => basic("bob@example.com", s.apiToken("alice").secret),
    user,
    401,
    "",
  ],
  ["a wrong secret", () => basic(alice, "guess"), user, 401, ""],
  ["an app password", (s) => basic("alice", s.appPassword("alice").secret), user, 401, ""],
  ["an app password with the email", (s) => asAlice(s.appPassword("alice")), user, 401, ""],
  [
    "an access token as Basic",
    (s) => basic("x-token-auth", repositoryToken(s).secret),
    user,
    401,
    "",
  ],
  ["nothing", () => undefined, user, 401, ""],
  ["a token without scopes", (s) => asAlice(s.unscopedApiToken("alice")), user, 401, invalid],
  ["a revoked API token", (s) => asAlice(revoked(s, s.apiToken("alice"))), user, 401, invalid],
  ["an API token as Bearer", (s) => asBearer(s.apiToken("alice")), user, 401, invalid],
  ["a revoked access token", (s) => asBearer(revoked(s, repositoryToken(s))), user, 401, invalid],
  ["an unknown Bearer", () => bearer("guess"), user, 401, invalid],
  ["an OAuth token", (s) => asBearer(s.oauthToken("alice")), user, 200],
  [
    "an OAuth token without account",
    (s) => asBearer(s.oauthToken("alice", { scopes: ["repository"] })),
    user,
    403,
    lacksScope,
  ],
  ["an access token", (s) => asBearer(repositoryToken(s)), user, 403, lacksScope],
  ["an API token without read:user", (s) => asAlice(noEmail(s)), user, 403, lacksScope],
  ["emails", (s) => asAlice(s.apiToken("alice")), "/2.0/user/emails", 200],
  ["emails without scope", (s) => asAlice(noEmail(s)), "/2.0/user/emails", 403, lacksScope],
  [
    "workspaces without scope",
    (s) => asAlice(s.apiToken("alice")),
    "/2.0/user/workspaces",
    403,
    lacksScope,
  ],
  [
    "a workspace with scope",
    (s) => asAlice(s.apiToken("alice", { scopes: ["read:workspace:bitbucket"] })),
    "/2.0/workspaces/acme",
    200,
  ],
  [
    "a workspace of others",
    (s) => asAlice(s.apiToken("eve", { scopes: ["read:workspace:bitbucket"] })),
    "/2.0/workspaces/acme",
    401,
    "",
  ],
  ["a repository", (s) => asAlice(s.apiToken("alice")), api, 200],
  ["a repository with an access token", (s) => asBearer(repositoryToken(s)), api, 200],
  ["a repository without scope", (s) => asAlice(noRead(s)), api, 403, lacksScope],
  [
    "a repository outside the token",
    (s) => asBearer(repositoryToken(s)),
    "/2.0/repositories/acme/web",
    404,
    noAccess,
  ],
  [
    "a repository of a forbidden workspace",
    (s) => asAlice(s.apiToken("alice", { workspace: "globex" })),
    api,
    404,
    noAccess,
  ],
  [
    "a repository without permission",
    (s) => basic("eve@example.com", s.apiToken("eve").secret),
    api,
    404,
    noAccess,
  ],
  [
    "a repository that is not there",
    (s) => asAlice(s.apiToken("alice")),
    "/2.0/repositories/acme/none",
    404,
    noAccess,
  ],
  ["a private repository, nobody", () => undefined, api, 404, noAccess],
  ["a public repository, nobody", () => undefined, "/2.0/repositories/acme/site", 200],
  ["outside of 2.0", (s) => asAlice(s.apiToken("alice")), "/user", 403, "Forbidden"],
  ["no such path", (s) => asAlice(s.apiToken("alice")), "/2.0/nothing", 404, "Resource not found"],
  [
    "a removed listing",
    (s) => asAlice(s.apiToken("alice")),
    "/2.0/user/permissions/repositories",
    410,
    "CHANGE-2770 - Functionality has been deprecated",
  ],
  [
    "a removed listing by role",
    (s) => asAlice(s.apiToken("alice")),
    "/2.0/repositories?role=member",
    410,
    "CHANGE-2770 - Functionality has been deprecated",
  ],
];

describe("status and message", () => {
  test.each(rows.map((row) => [row[0], row] as const))("%s", (_title, row) => {
    const [, authorization, path, status, text] = row;
    const { site } = openRules();
    const answer = answerRest(site, { authorization: authorization(site), path });
    expect(answer.status).toBe(status);
    expect(message(answer)).toBe(text);
    expect(answer.headers["www-authenticate"]).toBe(status === 401 ? basicRealm : undefined);
  });
});

test("API tokens as Bearer can be switched on", () => {
  const { site } = openRules();
  site.quirks.bearerApiTokens = true;
  const authorization = asBearer(site.apiToken("alice"));
  expect(answerRest(site, { authorization, path: user }).status).toBe(200);
});

test("an expired OAuth token is told so, any other expired one is invalid", () => {
  const { site, moveClock } = openRules();
  const oauth = asBearer(site.oauthToken("alice"));
  const token = asAlice(site.apiToken("alice", { lifetimeSeconds: 7_200 }));
  moveClock(7_200);
  const answer = answerRest(site, { authorization: oauth, path: user });
  expect(answer.headers["www-authenticate"]).toBe('OAuth realm="Bitbucket.org HTTP"');
  expect(message(answer)).toBe(
    "Access token expired. Use your refresh token to obtain a new access token.",
  );
  expect(message(answerRest(site, { authorization: token, path: user }))).toBe(invalid);
});
