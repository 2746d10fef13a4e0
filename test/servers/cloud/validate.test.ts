// Tokens that Bitbucket knows: what is learned of them, and what they lack. docs/design.md, "Verdicts".
import { describe, expect, test } from "vitest";
import { always } from "./local-api.ts";
import { ada, validateHarness } from "./validate-harness.ts";

const bitbucket = validateHarness();

describe("valid", () => {
  test("an API token with its email", async () => {
    const verdict = await bitbucket.check("api-token", bitbucket.site.apiToken("ada"), ada);
    expect(verdict).toEqual({
      outcome: "valid",
      facts: {
        kind: "api-token",
        scopes: ["read:repository:bitbucket", "write:repository:bitbucket", "read:user:bitbucket"],
        username: "ada",
        displayName: "Ada",
        email: "ada@example.com",
        seesRepository: true,
        project: "CORE",
      },
    });
    expect(bitbucket.asked).toEqual([
      "/2.0/user Basic",
      "/2.0/repositories/acme/api?fields=full_name,project.key Basic",
    ]);
  });

  test("an API token with a guess that is right: the email is known from then on", async () => {
    const verdict = await bitbucket.check("api-token", bitbucket.site.apiToken("ada"), {
      email: "ada@example.com",
    });
    expect(verdict).toMatchObject({ outcome: "valid", facts: { email: "ada@example.com" } });
  });

  test.each([{ email: "bob@example.com" }, {}])(
    "an API token without the right email, where Bearer works: %j",
    async (identity) => {
      bitbucket.site.quirks.bearerApiTokens = true;
      const verdict = await bitbucket.check("api-token", bitbucket.site.apiToken("ada"), identity);
      expect(verdict).toMatchObject({ outcome: "valid", facts: { username: "ada" } });
      expect(verdict).not.toHaveProperty("facts.email");
    },
  );

  test("an API token whose certain email has changed meanwhile, where Bearer works", async () => {
    bitbucket.site.quirks.bearerApiTokens = true;
    const identity = { email: "ada@old.example.com", emailCertain: true };
    const verdict = await bitbucket.check("api-token", bitbucket.site.apiToken("ada"), identity);
    expect(verdict).toMatchObject({ outcome: "valid", facts: { username: "ada" } });
    expect(bitbucket.asked.slice(0, 3)).toEqual([
      "/2.0/user Basic",
      "/2.0/user Basic",
      "/2.0/user Bearer",
    ]);
  });

  test("an API token that may not read its user: 403 means alive", async () => {
    const scopes = ["read:repository:bitbucket", "write:repository:bitbucket"];
    const verdict = await bitbucket.check(
      "api-token",
      bitbucket.site.apiToken("ada", { scopes }),
      ada,
    );
    expect(verdict).toEqual({
      outcome: "valid",
      facts: {
        kind: "api-token",
        scopes,
        email: "ada@example.com",
        seesRepository: true,
        project: "CORE",
      },
    });
  });

  test.each([
    ["repository", { workspace: "acme", repository: "api" }],
    ["project", { workspace: "acme", project: "CORE" }],
    ["workspace", { workspace: "acme" }],
  ])("an access token of a %s", async (covers, part) => {
    expect(await bitbucket.check("access-token", bitbucket.site.accessToken(part))).toEqual({
      outcome: "valid",
      facts: {
        kind: "access-token",
        covers,
        scopes: ["repository:write"],
        seesRepository: true,
        project: "CORE",
      },
    });
  });

  test("an OAuth token of 2,600 characters", async () => {
    const verdict = await bitbucket.check("oauth-token", bitbucket.site.oauthToken("ada"));
    expect(verdict).toMatchObject({
      outcome: "valid",
      facts: { kind: "oauth-token", username: "ada", seesRepository: true },
    });
  });

  test("a token of unknown kind, when a person asks: its kind is known then", async () => {
    const token = bitbucket.site.accessToken({ workspace: "acme" });
    const verdict = await bitbucket.check("unknown", token, { asked: true });
    expect(verdict).toMatchObject({
      outcome: "valid",
      facts: { kind: "access-token", covers: "workspace" },
    });
    expect(bitbucket.asked[0]).toBe("/2.0/user Bearer");
  });

  test("an API token stays one, whatever Bitbucket calls it when it goes as Bearer", async () => {
    bitbucket.faults = [always(200, { username: "ada" }, { "x-credential-type": "oauth2" })];
    const verdict = await bitbucket.check("api-token", bitbucket.site.apiToken("ada"));
    expect(verdict).toMatchObject({ outcome: "valid", facts: { kind: "api-token" } });
  });

  test("but it does not see the repository", async () => {
    const other = { workspace: "other", repository: "app" };
    const token = bitbucket.site.accessToken({ workspace: "acme" });
    expect(await bitbucket.check("access-token", token, { repository: other })).toMatchObject({
      outcome: "valid",
      facts: { seesRepository: false },
    });
  });

  test("no repository is known: none is asked for", async () => {
    const verdict = await bitbucket.check("api-token", bitbucket.site.apiToken("ada"), {
      ...ada,
      repository: undefined,
    });
    expect(verdict.outcome).toBe("valid");
    expect(verdict).not.toHaveProperty("facts.seesRepository");
    expect(bitbucket.asked).toHaveLength(1);
  });

  test.each(["..", ".", "", "a/b", "a?b", "a#b", "a b", "%2e%2e", "\u{D800}"])(
    "a repository named %j is not asked for",
    async (repository) => {
      const name = { workspace: "acme", repository };
      const token = bitbucket.site.accessToken({ workspace: "acme" });
      expect(await bitbucket.check("access-token", token, { repository: name })).toMatchObject({
        outcome: "valid",
      });
      expect(bitbucket.asked).toEqual(["/2.0/user Bearer"]);
    },
  );

  test.each([401, 404, 410, 429, 500, 302, 200])(
    "the repository's answer is %i without Bitbucket's words: the token is alive all the same",
    async (status) => {
      bitbucket.faults = [undefined, always(status, "<html>")];
      const verdict = await bitbucket.check(
        "access-token",
        bitbucket.site.accessToken({ workspace: "acme" }),
      );
      expect(verdict).toMatchObject({ outcome: "valid", facts: { kind: "access-token" } });
      expect(verdict).not.toHaveProperty("facts.seesRepository");
    },
  );

  test("scopes that nobody told are not judged", async () => {
    bitbucket.faults = [always(200, { username: "ada" }), always(200, { full_name: "acme/api" })];
    expect(await bitbucket.check("oauth-token", bitbucket.site.oauthToken("ada"))).toEqual({
      outcome: "valid",
      facts: { kind: "oauth-token", username: "ada", seesRepository: true },
    });
  });
});

describe("lacks-scope", () => {
  test.each([
    [["read:repository:bitbucket"], ["write:repository:bitbucket"], "push"],
    [["write:repository:bitbucket"], ["read:repository:bitbucket"], "fetch and push"],
    [
      ["admin:repository:bitbucket"],
      ["read:repository:bitbucket", "write:repository:bitbucket"],
      "fetch and push",
    ],
  ])("an API token with %j", async (scopes, missing, blocks) => {
    for (const detail of ["object", "string"] as const) {
      bitbucket.site.quirks.detail = detail;
      const verdict = await bitbucket.check(
        "api-token",
        bitbucket.site.apiToken("ada", { scopes }),
        ada,
      );
      expect(verdict).toMatchObject({
        outcome: "lacks-scope",
        missing,
        blocks,
        facts: { scopes, email: "ada@example.com" },
      });
    }
  });

  test.each([
    [["repository"], ["repository:write"], "push"],
    [["pipeline"], ["repository:write"], "fetch and push"],
    [["account"], ["repository:write"], "fetch and push"],
  ])("an access token with %j", async (scopes, missing, blocks) => {
    const token = bitbucket.site.accessToken({ workspace: "acme" }, { scopes });
    const verdict = await bitbucket.check("access-token", token);
    expect(verdict).toMatchObject({ outcome: "lacks-scope", missing, blocks });
  });

  test("scopes are read from the error where no header lists them", async () => {
    const detail = { required: ["account"], granted: ["repository"] };
    bitbucket.faults = [always(403, { type: "error", error: { message: "m", detail } })];
    const token = bitbucket.site.accessToken({ workspace: "acme" }, { scopes: ["repository"] });
    expect(await bitbucket.check("access-token", token)).toMatchObject({
      outcome: "lacks-scope",
      missing: ["repository:write"],
      blocks: "push",
      facts: { scopes: ["repository"] },
    });
  });

  test.each([
    ["names them", { required: ["repository"] }, ["repository"]],
    ["does not name them", "detail", ["repository"]],
    ["names none", { required: [] }, ["repository"]],
    ["names what is no scope", { required: ["a b", "\u001b[31m", 1, null] }, ["repository"]],
  ])("only the repository's answer tells, and %s", async (_what, detail, missing) => {
    const message = "Your credentials lack one or more required privilege scopes.";
    bitbucket.faults = [
      always(403, "", { "x-credential-type": "repo_access_token" }),
      always(403, { type: "error", error: { message, detail } }),
    ];
    expect(
      await bitbucket.check("access-token", bitbucket.site.accessToken({ workspace: "acme" })),
    ).toMatchObject({
      outcome: "lacks-scope",
      missing,
      blocks: "fetch and push",
    });
  });
});
