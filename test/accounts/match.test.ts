import { describe, expect, test } from "vitest";
import { covers, fitOf, isNamedBy, servesAnyUser } from "../../src/accounts/match.ts";
import { readTarget } from "../../src/accounts/target.ts";
import {
  everywhere,
  exampleAccount,
  inProject,
  inRepository,
  inWorkspace,
} from "./example-account.ts";

describe("covers", () => {
  test.each([
    [everywhere, "bitbucket.org", undefined, true],
    [everywhere, "www.bitbucket.org", "acme/api", true],
    [everywhere, "evil.example", "acme/api", false],
    [everywhere, "bitbucket.org", "acme/..", false],
    [inRepository("acme", "api"), "bitbucket.org", undefined, true],
    [inRepository("acme", "api"), "bitbucket.org", "", true],
    [inRepository("acme", "api"), "bitbucket.org", "acme/api/wiki", true],
    [inRepository("acme", "api"), "bitbucket.org", "acme/web", false],
    [inRepository("acme", "api"), "bitbucket.org", "snippets/acme/api", false],
    [inProject("acme", "CORE"), "bitbucket.org", "acme/web", true],
    [inProject("acme", "CORE"), "bitbucket.org", "other/web", false],
    [inWorkspace("acme"), "bitbucket.org", "snippets/acme/x", true],
    [inWorkspace("acme"), "bitbucket.org", "acme2/api", false],
  ])("%j, asked by %s for %j: %j", (scope, host, path, expected) => {
    expect(covers(exampleAccount({ name: "work", scope }), readTarget({ host, path }))).toBe(
      expected,
    );
  });
});

test("a project's repositories are looked up as data, not as properties", () => {
  const project = exampleAccount({
    name: "core",
    scope: inProject("acme", "CORE"),
    projectRepositories: {},
  });
  const path = { workspace: "acme", repository: "constructor", part: "repository" } as const;
  expect(fitOf(project, path)).toBe("perhaps");
});

describe("isNamedBy", () => {
  const account = exampleAccount({ name: "work", username: "alice", email: "alice@example.com" });

  test.each([
    ["work", true],
    ["Alice", true],
    ["ALICE@example.com", true],
    ["x-bitbucket-api-token-auth", true],
    ["x-token-auth", false],
    ["alic", false],
    ["alice ", false],
    ["", false],
    ["undefined", false],
  ])("%j: %j", (username, expected) => {
    expect(isNamedBy(account, username)).toBe(expected);
  });

  test("an empty git username names nobody", () => {
    expect(isNamedBy(exampleAccount({ name: "work", gitUsername: "" }), "")).toBe(false);
  });
});

test.each([
  ["access-token", undefined, true],
  ["access-token", "bot", true],
  ["api-token", undefined, true],
  ["api-token", "alice", false],
  ["oauth-token", undefined, true],
  ["oauth-token", "alice", false],
  ["unknown", undefined, false],
  ["app-password", undefined, false],
  ["data-center-token", undefined, false],
] as const)("a %s of %j serves any user: %j", (kind, username, expected) => {
  expect(servesAnyUser(exampleAccount({ name: "work", kind, username }))).toBe(expected);
});
