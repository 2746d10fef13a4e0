// REST 2.0: headers and bodies of its answers. docs/bitbucket.md, "REST".
import { describe, expect, test } from "vitest";
import { answerRest } from "./rest-rules.ts";
import { basic, bearer, openRules } from "./rules-world.ts";
import type { Token } from "./records.ts";
import type { Site } from "./site.ts";

const user = "/2.0/user";
const api = "/2.0/repositories/acme/api";

interface RestBody {
  readonly error?: { readonly message: string; readonly detail?: unknown };
}

const asAlice = ({ secret }: Token): string => basic("alice@example.com", secret);
const asBearer = ({ secret }: Token): string => bearer(secret);
const noEmail = (site: Site): Token =>
  site.apiToken("alice", { scopes: ["read:repository:bitbucket"] });
const repositoryToken = (site: Site): Token =>
  site.accessToken({ workspace: "acme", repository: "api" });

describe("headers of an accepted token", () => {
  test.each([
    ["api_token", "read:repository:bitbucket", (s: Site) => asAlice(noEmail(s))],
    ["repo_access_token", "repository:write", (s: Site) => asBearer(repositoryToken(s))],
    [
      "project_access_token",
      "repository:write",
      (s: Site) => asBearer(s.accessToken({ workspace: "acme", project: "CORE" })),
    ],
    [
      "workspace_access_token",
      "repository:write",
      (s: Site) => asBearer(s.accessToken({ workspace: "acme" })),
    ],
    ["oauth2", "account, repository:write", (s: Site) => asBearer(s.oauthToken("alice"))],
  ] as const)("%s", (type, scopes, authorization) => {
    const { site } = openRules();
    const request = { authorization: authorization(site) };
    for (const path of [user, api]) {
      const { headers } = answerRest(site, { ...request, path });
      expect(headers).toMatchObject({ "x-credential-type": type, "x-oauth-scopes": scopes });
      expect(headers["x-accepted-oauth-scopes"]).toMatch(/\S/u);
    }
  });

  test("none for a refused one", () => {
    const { site } = openRules();
    const { headers } = answerRest(site, { authorization: bearer("guess"), path: user });
    expect(Object.keys(headers)).toEqual(["content-type", "www-authenticate"]);
  });
});

test("what is lacking comes as an object or as a text", () => {
  const { site } = openRules();
  const authorization = asAlice(noEmail(site));
  const detail = (): unknown =>
    (JSON.parse(answerRest(site, { authorization, path: user }).body) as RestBody).error?.detail;
  expect(detail()).toEqual({
    required: ["read:user:bitbucket"],
    granted: ["read:repository:bitbucket"],
  });
  site.quirks.detail = "string";
  expect(detail()).toBe("required: read:user:bitbucket");
});

test("a user's names", () => {
  const { site } = openRules();
  const authorization = asAlice(site.apiToken("alice"));
  expect(JSON.parse(answerRest(site, { authorization, path: user }).body)).toMatchObject({
    username: "alice",
    nickname: "alice",
    display_name: "Alice",
    account_id: site.users.get("alice")?.accountId,
    uuid: site.users.get("alice")?.uuid,
  });
});

test("a repository tells its project and workspace, and only the fields asked for", () => {
  const { site } = openRules();
  const authorization = asAlice(site.apiToken("alice"));
  const read = (path: string): unknown =>
    JSON.parse(answerRest(site, { authorization, path }).body);
  expect(read(api)).toMatchObject({
    full_name: "acme/api",
    is_private: true,
    project: { key: "CORE" },
    workspace: { slug: "acme" },
  });
  expect(read(`${api}?fields=full_name`)).toEqual({ full_name: "acme/api" });
  expect(read(`${api}?fields=full_name,project.key,workspace.slug,none`)).toEqual({
    full_name: "acme/api",
    project: { key: "CORE" },
    workspace: { slug: "acme" },
  });
});

test("the workspaces of a user are those of the repositories it sees", () => {
  const { site } = openRules();
  const token = site.apiToken("bob", { scopes: ["read:workspace:bitbucket"] });
  const authorization = basic("bob@example.com", token.secret);
  const { body } = answerRest(site, { authorization, path: "/2.0/user/workspaces" });
  const { values } = JSON.parse(body) as { values: { workspace: { slug: string } }[] };
  expect(values.map(({ workspace }) => workspace.slug)).toEqual(["acme", "globex"]);
});
