import { describe, expect, test } from "vitest";
import {
  type AccountScope,
  accountState,
  answerUsername,
  parseScope,
  type ScopeOptions,
  scopeText,
} from "../../src/accounts/account.ts";
import { refusedOr } from "../support/refused.ts";
import {
  exampleAccount,
  everywhere,
  inProject,
  inRepository,
  inWorkspace,
} from "./example-account.ts";

describe("accountState", () => {
  const expires = "2026-06-01T00:00:00.000Z";
  const instant = Date.parse(expires);

  test.each([
    ["approved", undefined, instant, "approved"],
    ["unverified", undefined, instant, "unverified"],
    ["approved", expires, instant - 1, "approved"],
    ["approved", expires, instant, "expired"],
    ["unverified", expires, instant + 1, "expired"],
    ["rejected", expires, instant + 1, "rejected"],
    ["rejected", undefined, instant, "rejected"],
  ] as const)("%s, expiring %s, is at %d: %s", (state, expires, now, expected) => {
    expect(accountState(exampleAccount({ name: "work", state, expires }), now)).toBe(expected);
  });
});

describe("answerUsername", () => {
  const alice = exampleAccount({ name: "work", username: "Alice-W", email: "alice@example.com" });
  const bot = exampleAccount({ name: "bot", kind: "access-token", username: "bot" });
  const own = exampleAccount({ name: "old", kind: "unknown", gitUsername: "alice" });

  test.each([
    [alice, undefined, "x-bitbucket-api-token-auth"],
    [alice, "", "x-bitbucket-api-token-auth"],
    [alice, "Alice-W", "Alice-W"],
    [alice, "alice-w", "Alice-W"],
    // the name and the email are no usernames of Bitbucket's
    [alice, "work", "x-bitbucket-api-token-auth"],
    [alice, "alice@example.com", "x-bitbucket-api-token-auth"],
    [alice, "x-token-auth", "x-bitbucket-api-token-auth"],
    [alice, "\u{212a}", "x-bitbucket-api-token-auth"],
    [exampleAccount({ name: "new" }), "alice", "x-bitbucket-api-token-auth"],
    [bot, "alice", "x-token-auth"],
    [bot, "bot", "x-token-auth"],
    [own, undefined, "alice"],
    [own, "old", "alice"],
  ])("%o asked for %j", (account, username, expected) => {
    expect(answerUsername(account, { username })).toBe(expected);
  });
});

describe("scopes of an account", () => {
  test.each<[ScopeOptions, AccountScope | undefined, string]>([
    [{}, undefined, ""],
    [{ workspace: "Acme" }, inWorkspace("acme"), "workspace acme"],
    [{ project: "acme/core" }, inProject("acme", "CORE"), "project acme/CORE"],
    [{ project: "acme/A_1" }, inProject("acme", "A_1"), "project acme/A_1"],
    [{ repository: "acme/api" }, inRepository("acme", "api"), "repository acme/api"],
    [{ repository: "Acme/Api.git" }, inRepository("acme", "api"), "repository acme/api"],
  ])("%j", (options, scope, text) => {
    const parsed = parseScope(options);
    expect(parsed).toEqual(scope);
    expect(parsed === undefined ? "" : scopeText(parsed)).toBe(text);
  });

  test("of the whole host", () => {
    expect(scopeText(everywhere)).toBe("every repository");
  });

  test.each<ScopeOptions>([
    { workspace: "" },
    { workspace: "acme/api" },
    { workspace: "snippets" },
    { workspace: ".." },
    { workspace: "ac me" },
    { workspace: "acme\n" },
    { project: "acme" },
    { project: "acme/" },
    { project: "acme/1A" },
    { project: "acme/a-b" },
    { project: "acme/CORE/wiki" },
    { repository: "api" },
    { repository: "acme/" },
    { repository: "acme/../x" },
    { repository: "acme/api/wiki" },
    { repository: "snippets/acme/id" },
    { repository: "https://bitbucket.org/acme/api" },
    { workspace: "acme", repository: "acme/api" },
    { workspace: "acme", project: "acme/CORE" },
  ])("%j is refused", (options) => {
    expect(refusedOr(() => parseScope(options), "usage")).toBe("refused");
  });
});
