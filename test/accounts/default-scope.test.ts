// The scope of an account that a person makes where nobody says it.
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import { guessScope } from "../../src/accounts/default-scope.ts";

const api = { workspace: "acme", repository: "api", part: "repository" } as const;
const snippet = { workspace: "acme", part: "snippet" } as const;
const user: Account = {
  name: "alice",
  kind: "api-token",
  host: "bitbucket.org",
  scope: { level: "host" },
  gitUsername: "x-bitbucket-api-token-auth",
  username: "alice",
  store: "file",
  secretKey: "alice/0123456789ab",
  state: "approved",
  created: "2026-01-01T00:00:00.000Z",
};
const workspaceUser: Account = { ...user, scope: { level: "workspace", workspace: "other" } };

describe("the scope of a new secret", () => {
  test.each([
    ["api-token", undefined, [], { level: "host" }],
    ["api-token", api, [], { level: "host" }],
    ["api-token", api, [workspaceUser], { level: "host" }],
    ["api-token", api, [user], { level: "workspace", workspace: "acme" }],
    ["oauth-token", api, [user], { level: "workspace", workspace: "acme" }],
    ["access-token", api, [], { level: "repository", workspace: "acme", repository: "api" }],
    ["access-token", snippet, [], { level: "workspace", workspace: "acme" }],
    ["access-token", undefined, [], { level: "host" }],
    ["unknown", api, [], { level: "repository", workspace: "acme", repository: "api" }],
  ] as const)("%s, %j", (kind, path, living, scope) => {
    expect(guessScope(kind, path, living).scope).toEqual(scope);
  });

  test("is a guess that Bitbucket may widen only where a path gave it", () => {
    expect(guessScope("access-token", api, []).scopeGuessed).toBe(true);
    expect(guessScope("api-token", api, []).scopeGuessed).toBeUndefined();
  });
});
