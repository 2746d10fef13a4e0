// Answers are read without believing anything about their shape, and nothing in them can do harm where it is shown.
import {
  type Arbitrary,
  array,
  assert,
  constantFrom,
  dictionary,
  letrec,
  oneof,
  property,
  record,
  string as anyString,
  tuple,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { readRepositoryAnswer } from "../../../src/servers/cloud/repository-answer.ts";
import type { RestAnswer } from "../../../src/net/rest-answer.ts";
import { readUserAnswer } from "../../../src/servers/cloud/user-answer.ts";
import { always } from "./local-api.ts";
import { validateHarness } from "./validate-harness.ts";

const bitbucket = validateHarness();

describe("what goes into git's protocol or onto a screen", () => {
  test.each([
    ["username", { username: "a\nusername=b", uuid: "{1}" }],
    ["username", { username: "a b", uuid: "{1}" }],
    ["username", { username: "", uuid: "{1}" }],
    ["username", { username: ["ada"], uuid: "{1}" }],
    ["displayName", { username: "ada", display_name: "\u001b[2J" }],
    ["displayName", { username: "ada", display_name: "a\u202eb" }],
    ["displayName", { username: "ada", display_name: { toString: "x" } }],
  ])("%s of %j is left out", async (fact, user) => {
    bitbucket.faults = [always(200, user)];
    const verdict = await bitbucket.check("oauth-token", bitbucket.site.oauthToken("ada"));
    expect(verdict.outcome).toBe("valid");
    expect(verdict).not.toHaveProperty(["facts", fact]);
  });

  test("kinds and scopes of no known form", async () => {
    const headers = {
      "x-credential-type": "__proto__",
      "x-oauth-scopes": "repository:write, <b>, $(x), a b",
    };
    bitbucket.faults = [always(403, "", headers)];
    const verdict = await bitbucket.check(
      "access-token",
      bitbucket.site.accessToken({ workspace: "acme" }),
    );
    expect(verdict).toMatchObject({ outcome: "valid" });
    expect(verdict).toHaveProperty("facts.scopes", ["repository:write", "a", "b"]);
    expect(verdict).toHaveProperty("facts.kind", "access-token");
  });
});

describe("any answer at all", () => {
  test("to the question for the user", () => {
    assert(
      property(answers("username", "display_name", "uuid"), (answer) => {
        const read = readUserAnswer(answer);
        if (read?.outcome !== "accepted") return;
        const { username = "a", displayName = "a", scopes = [] } = read.facts;
        expect(username).toMatch(/^[\w.-]+$/u);
        expect(displayName).not.toMatch(harmful);
        for (const scope of scopes) expect(scope).toMatch(/^[\w:.*-]+$/u);
        expect([200, 403]).toContain(answer.status);
      }),
    );
  });

  test("to the question for a repository", () => {
    assert(
      property(answers("full_name", "project", "key"), (answer) => {
        const {
          sees,
          project = "A",
          required = [],
          because = "a",
        } = readRepositoryAnswer(answer, "acme/api");
        expect(sees === true ? 200 : sees === false ? 404 : answer.status).toBe(answer.status);
        expect(project).toMatch(/^[\w-]+$/u);
        for (const scope of required) expect(scope).toMatch(/^[\w:.*-]+$/u);
        expect(because).not.toMatch(harmful);
      }),
    );
  });
});

const harmful = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Bodies that are nearly right, and headers of any text. */
function answers(...keys: readonly string[]): Arbitrary<RestAnswer> {
  const names = ["type", "error", "message", "detail", "granted", "required", "__proto__"];
  const key = constantFrom(...names, ...keys);
  const text = oneof(
    anyString({ unit: "binary" }),
    constantFrom("error", "repository", "lack privilege scopes", "acme/api"),
  );
  const { value } = letrec((tie) => ({
    value: oneof(
      { maxDepth: 4, withCrossShrink: true },
      text,
      constantFrom(null, true, 7),
      array(tie("value"), { maxLength: 3 }),
      dictionary(key, tie("value"), { maxKeys: 5 }),
    ),
  }));
  const body = oneof({ arbitrary: value.map((it) => JSON.stringify(it)), weight: 4 }, text);
  const header = constantFrom("x-credential-type", "x-oauth-scopes", "www-authenticate");
  const content = oneof(text, constantFrom("api_token", 'Basic realm="Bitbucket.org HTTP"'));
  return record({
    status: constantFrom(200, 401, 403, 404, 429, 500),
    headers: array(tuple(header, content)).map((pairs) => new Map(pairs)),
    body,
  });
}
