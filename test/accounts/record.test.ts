// Where a new secret's account goes in the list.
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import { type AccountDraft, recordAccount } from "../../src/accounts/record.ts";

const now = Date.parse("2026-11-22T10:00:00.000Z");
const draft: AccountDraft = {
  kind: "api-token",
  host: "bitbucket.org",
  scope: { level: "workspace", workspace: "acme" },
  gitUsername: "x-bitbucket-api-token-auth",
  store: "file",
  secretKey: "new/key",
  fingerprint: "new:print",
  state: "approved",
};
const old: Account = {
  ...draft,
  name: "acme",
  secretKey: "old/key",
  fingerprint: "old:print",
  created: "2026-01-01T00:00:00.000Z",
};

describe("a new login", () => {
  test("comes last, with a name nobody has and the date", () => {
    const { accounts, account, former } = recordAccount([old], draft, now);
    expect(accounts).toEqual([old, account]);
    expect(account).toEqual({ ...draft, name: "acme-2", created: "2026-11-22T10:00:00.000Z" });
    expect(former).toBeUndefined();
  });
});

describe("a renewed login", () => {
  test("keeps its place, name and date, and remembers the secret before", () => {
    const other = { ...old, name: "other" };
    const { accounts, account, former } = recordAccount([old, other], draft, now, "acme");
    expect(accounts).toEqual([account, other]);
    expect(account).toEqual({
      ...draft,
      name: "acme",
      created: old.created,
      superseded: ["old:print"],
    });
    expect(former).toBe(old);
  });

  test("remembers the last five secrets only", () => {
    const superseded = ["1:a", "2:b", "3:c", "4:d", "5:e"];
    const { account } = recordAccount([{ ...old, superseded }], draft, now, "acme");
    expect(account.superseded).toEqual(["2:b", "3:c", "4:d", "5:e", "old:print"]);
  });
});
