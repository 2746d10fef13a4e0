import { describe, expect, test } from "vitest";
import { blockedByScopes, missingScopes, type Need } from "../../../src/servers/cloud/scopes.ts";
import { explainVerdict } from "../../../src/servers/verdict-text.ts";
import type { TokenKind } from "../../../src/servers/token-kind.ts";

const read = "read:repository:bitbucket";
const write = "write:repository:bitbucket";

describe("missingScopes", () => {
  test.each<[TokenKind, scopes: string[], Need, missing: string[]]>([
    ["api-token", [read], "fetch", []],
    ["api-token", [read], "push", [write]],
    ["api-token", [read, write], "push", []],
    // none implies another
    ["api-token", [write], "fetch", [read]],
    ["api-token", [write], "push", [read]],
    ["api-token", ["admin:repository:bitbucket"], "push", [read, write]],
    ["api-token", ["write:pullrequest:bitbucket"], "fetch", [read]],
    ["api-token", [], "fetch", [read]],
    ["api-token", ["read:user:bitbucket"], "check", []],
    ["api-token", [read], "check", ["read:user:bitbucket"]],
    // the classic ones do
    ["access-token", ["repository"], "fetch", []],
    ["access-token", ["repository"], "push", ["repository:write"]],
    ["access-token", ["repository:write"], "fetch", []],
    ["access-token", ["repository:write"], "push", []],
    ["access-token", ["pullrequest"], "fetch", []],
    ["access-token", ["pullrequest:write"], "push", []],
    ["access-token", ["project"], "fetch", []],
    ["access-token", ["project"], "push", ["repository:write"]],
    ["access-token", ["repository:admin"], "fetch", ["repository"]],
    ["access-token", ["repository:admin"], "push", ["repository:write"]],
    ["access-token", ["repository:delete"], "fetch", ["repository"]],
    ["access-token", ["project:admin"], "fetch", ["repository"]],
    ["access-token", ["webhook", "pipeline"], "push", ["repository:write"]],
    ["access-token", [], "push", ["repository:write"]],
    ["access-token", [], "check", []],
    ["oauth-token", ["account"], "check", []],
    ["oauth-token", ["account:write"], "check", []],
    ["oauth-token", ["repository"], "check", ["account"]],
    ["oauth-token", ["repository:write"], "push", []],
    // names of the other family count too
    ["oauth-token", [read], "fetch", []],
    ["api-token", ["repository:write"], "push", []],
    // of an unknown kind we ask in the names it has
    ["unknown", [read], "push", [write]],
    ["unknown", ["repository"], "push", ["repository:write"]],
    ["unknown", ["constructor", "__proto__"], "fetch", ["repository"]],
  ])("%s with %j needs for %s: %j", (kind, scopes, need, missing) => {
    expect(missingScopes(kind, scopes, need)).toEqual(missing);
  });
});

describe("blockedByScopes", () => {
  test("is nothing for a token that may push", () => {
    expect(blockedByScopes("api-token", [read, write])).toBeUndefined();
    expect(blockedByScopes("access-token", ["repository:write"])).toBeUndefined();
  });

  test.each<[TokenKind, string[], string]>([
    ["api-token", [read], `fetch works, push will fail: the token lacks ${write}`],
    ["api-token", [write], `fetch and push will fail: the token lacks ${read}`],
    ["api-token", [], `fetch and push will fail: the token lacks ${read} and ${write}`],
    [
      "access-token",
      ["repository"],
      "fetch works, push will fail: the token lacks repository:write",
    ],
    ["access-token", ["pipeline"], "fetch and push will fail: the token lacks repository:write"],
  ])("%s with %j: %s", (kind, scopes, sentence) => {
    const blocked = blockedByScopes(kind, scopes);
    expect(
      blocked &&
        explainVerdict({ outcome: "lacks-scope", facts: {}, ...blocked }, { kind }).message,
    ).toBe(sentence);
  });
});
