// Git over HTTPS apart from the pair of username and token: nobody, Bearer, demands, time. docs/bitbucket.md, "Git over HTTPS".
import { describe, expect, test } from "vitest";
import { basicRealm, gitTexts } from "./answer.ts";
import { answerGit } from "./git-rules.ts";
import { basic, bearer, openRules } from "./rules-world.ts";
import type { Token } from "./records.ts";
import type { Site } from "./site.ts";

const forApi = "x-bitbucket-api-token-auth";
const forAccess = "x-token-auth";
const api = { workspace: "acme", repository: "api", part: "repository" } as const;
const publicSite = { ...api, repository: "site" } as const;
const missing = { ...api, repository: "missing" } as const;
const wiki = { ...api, part: "wiki" } as const;
const lfs = { ...api, part: "lfs" } as const;

const aliceToken = (site: Site): Token => site.apiToken("alice");
const repositoryToken = (site: Site): Token =>
  site.accessToken({ workspace: "acme", repository: "api" });
const scoped =
  (...scopes: readonly string[]) =>
  (site: Site): Token =>
    site.apiToken("alice", { scopes });

describe("without a credential", () => {
  test.each([
    ["a public repository", publicSite, "read", 200],
    ["a push to a public repository", publicSite, "write", 401],
    ["a private repository", api, "read", 401],
    ["a repository that is not there", missing, "read", 401],
    ["LFS of a private repository", lfs, "read", 401],
  ] as const)("%s", (_title, target, operation, status) => {
    const answer = answerGit(openRules().site, { target, operation });
    expect(answer.status).toBe(status);
    expect(answer.headers["www-authenticate"]).toBe(status === 401 ? basicRealm : undefined);
  });

  test("LFS may answer 403, which git-lfs takes for an end", () => {
    const { site } = openRules();
    site.quirks.lfsForbidsAnonymous = true;
    expect(answerGit(site, { target: lfs, operation: "read" }).status).toBe(403);
    expect(answerGit(site, { target: api, operation: "read" }).status).toBe(401);
  });
});

test("Bearer works for OAuth and access tokens, not for API tokens", () => {
  const { site } = openRules();
  const status = ({ secret }: Token): number =>
    answerGit(site, { authorization: bearer(secret), target: api, operation: "read" }).status;
  expect(status(site.oauthToken("alice"))).toBe(200);
  expect(status(repositoryToken(site))).toBe(200);
  expect(status(aliceToken(site))).toBe(401);
});

test("a workspace's demands refuse a good token with 403", () => {
  const { site } = openRules();
  const authorization = basic(forApi, aliceToken(site).secret);
  const answer = () => answerGit(site, { authorization, target: api, operation: "read" });
  site.demands.set("acme", "allowed address");
  expect(answer()).toMatchObject({ status: 403, body: `${gitTexts.address}\n` });
  site.demands.set("acme", "two-step login");
  expect(answer()).toMatchObject({ status: 403, body: `${gitTexts.twoStep}\n` });
});

test("a wiki may want scopes of its own", () => {
  const { site } = openRules();
  site.quirks.wikiScopes = true;
  const status = (token: Token): number =>
    answerGit(site, {
      authorization: basic(forApi, token.secret),
      target: wiki,
      operation: "write",
    }).status;
  expect(status(aliceToken(site))).toBe(403);
  expect(status(scoped("read:wiki:bitbucket", "write:wiki:bitbucket")(site))).toBe(200);
});

test("tokens die when they expire", () => {
  const { site, moveClock } = openRules();
  const token = site.apiToken("alice", { lifetimeSeconds: 60 });
  const oauth = site.oauthToken("alice");
  const status = (username: string, { secret }: Token): number =>
    answerGit(site, { authorization: basic(username, secret), target: api, operation: "read" })
      .status;
  moveClock(59);
  expect(status(forApi, token)).toBe(200);
  moveClock(1);
  expect(status(forApi, token)).toBe(401);
  expect(status(forAccess, oauth)).toBe(200);
  moveClock(7_140);
  expect(status(forAccess, oauth)).toBe(401);
});

test("a rotated token gets a new secret, and the old one works half an hour more", () => {
  const { site, moveClock } = openRules();
  const old = repositoryToken(site);
  const rotated = site.rotate(old);
  const status = ({ secret }: Token): number =>
    answerGit(site, { authorization: basic(forAccess, secret), target: api, operation: "read" })
      .status;
  expect(rotated.secret).not.toBe(old.secret);
  moveClock(1_799);
  expect([status(old), status(rotated)]).toEqual([200, 200]);
  moveClock(1);
  expect([status(old), status(rotated)]).toEqual([401, 200]);
});

test.each([
  ["a scheme that nobody knows", "Negotiate abc"],
  ["no scheme", "abc"],
  ["Basic without colon", `Basic ${Buffer.from("alice").toString("base64")}`],
])("%s is answered 401", (_title, authorization) => {
  const { site } = openRules();
  expect(answerGit(site, { authorization, target: publicSite, operation: "read" }).status).toBe(
    401,
  );
});
