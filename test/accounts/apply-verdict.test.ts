// What a check changes in an account, row by row. docs/design.md, "Verdicts".
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import { applyVerdict, approve } from "../../src/accounts/apply-verdict.ts";

const now = Date.parse("2026-11-22T10:00:00.000Z");
const instant = "2026-11-22T10:00:00.000Z";

const account: Account = {
  name: "acme-api",
  kind: "access-token",
  host: "bitbucket.org",
  scope: { level: "repository", workspace: "acme", repository: "api" },
  scopeGuessed: true,
  gitUsername: "x-token-auth",
  store: "file",
  secretKey: "acme-api/0123456789ab",
  state: "unverified",
  created: "2026-01-01T00:00:00.000Z",
};
const rejected: Account = { ...account, state: "rejected", reason: "it is revoked" };
const refused: Account = { ...account, state: "approved", refusals: ["2026-11-22T09:00:00.000Z"] };
const repository = { workspace: "acme", repository: "api" };

describe("a token that Bitbucket accepts", () => {
  test.each([rejected, refused])(
    "is approved, dated, and no longer rejected or refused",
    (before) => {
      const after = applyVerdict(before, { outcome: "valid", facts: {} }, now);
      expect(after).toEqual({
        ...account,
        state: "approved",
        validated: instant,
        checked: instant,
      });
    },
  );

  test("is approved also when it lacks a scope, which is recorded", () => {
    const facts = { scopes: ["read:repository:bitbucket"] };
    const after = applyVerdict(
      account,
      { outcome: "lacks-scope", facts, missing: ["write:repository:bitbucket"], blocks: "push" },
      now,
    );
    expect(after).toMatchObject({ state: "approved", scopes: ["read:repository:bitbucket"] });
  });

  test("tells its user, and the email it was accepted with is certain from then on", () => {
    const facts = { username: "alice", email: "alice@example.com" };
    const after = applyVerdict({ ...account, kind: "api-token" }, { outcome: "valid", facts }, now);
    expect(after).toMatchObject({ ...facts, emailConfirmed: true });
  });

  test("whose kind it knows better than we did gets the username of that kind", () => {
    const unknown: Account = { ...account, kind: "unknown", gitUsername: "alice" };
    const facts = { kind: "access-token" } as const;
    expect(applyVerdict(unknown, { outcome: "valid", facts }, now)).toMatchObject({
      kind: "access-token",
      gitUsername: "x-token-auth",
    });
    const same = applyVerdict(unknown, { outcome: "valid", facts: { kind: "unknown" } }, now);
    expect(same).toMatchObject({ kind: "unknown", gitUsername: "alice" });
  });

  test.each([
    ["workspace", undefined, { level: "workspace", workspace: "acme" }],
    ["project", "CORE", { level: "project", workspace: "acme", project: "CORE" }],
    ["project", undefined, account.scope],
    ["repository", "CORE", account.scope],
  ] as const)("of a guessed scope, covering a %s (%s)", (covers, project, scope) => {
    const facts = { covers, ...(project && { project }), seesRepository: true };
    const after = applyVerdict(account, { outcome: "valid", facts }, now, repository);
    expect(after.scope).toEqual(scope);
  });

  test("keeps a scope that its owner chose, even when it covers more", () => {
    const chosen = { ...account, scopeGuessed: false };
    const facts = { covers: "workspace" } as const;
    const after = applyVerdict(chosen, { outcome: "valid", facts }, now, repository);
    expect(after.scope).toEqual(account.scope);
  });

  test.each([true, false])("of a project learns about a repository: %s", (seesRepository) => {
    const project: Account = {
      ...account,
      scope: { level: "project", workspace: "acme", project: "CORE" },
      projectRepositories: { "acme/web": true },
    };
    const after = applyVerdict(
      project,
      { outcome: "valid", facts: { seesRepository } },
      now,
      repository,
    );
    expect(after.projectRepositories).toEqual({ "acme/web": true, "acme/api": seesRepository });
  });
});

test.each([account, refused])(
  "a token that Bitbucket rejects is rejected, with the reason",
  (before) => {
    const after = applyVerdict(before, { outcome: "rejected", because: "revoked" }, now);
    expect(after).toEqual({
      ...account,
      state: "rejected",
      reason: "revoked",
      checked: instant,
    });
  },
);

test.each([account, rejected, refused, approve(account, now)])(
  "no answer changes nothing but the date of the check",
  (before) => {
    const after = applyVerdict(before, { outcome: "unknown", because: "timeout" }, now + 1000);
    expect(after).toEqual({ ...before, checked: "2026-11-22T10:00:01.000Z" });
  },
);
