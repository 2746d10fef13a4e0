import { expect, test } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import { accountProblem } from "../../src/accounts/account-problem.ts";

const now = Date.parse("2026-11-22T10:00:00.000Z");
const account: Account = {
  name: "work",
  kind: "api-token",
  host: "bitbucket.org",
  scope: { level: "host" },
  gitUsername: "x-bitbucket-api-token-auth",
  store: "file",
  secretKey: "work/0123456789ab",
  state: "approved",
  created: "2026-01-01T00:00:00.000Z",
};
const login = "make a new one and run: git credential-bitbucket login --account work";
const check = "git credential-bitbucket status --check";

test.each<[Partial<Account>, string, string]>([
  [{ state: "unverified" }, "the token of account 'work' is not checked yet", check],
  [{ state: "rejected" }, "bitbucket rejected the token of account 'work' (401)", login],
  [
    { refusals: ["2026-11-22T09:00:00.000Z"] },
    "git was refused with the token of account 'work', and bitbucket has not said since what it is worth",
    check,
  ],
  [
    { state: "unverified", refusals: Array.from({ length: 3 }, () => "2026-11-22T09:00:00.000Z") },
    "git was refused with the token of account 'work' 3 times, and bitbucket could not be asked about it",
    check,
  ],
  [
    { expires: "2026-11-21T23:59:59.000Z" },
    "the token of account 'work' expired on 2026-11-21",
    login,
  ],
])("%j", (difference, message, hint) => {
  expect(accountProblem({ ...account, ...difference }, now)).toEqual({ message, hint });
});

test("an approved account has none", () => {
  const later = { ...account, expires: "2026-11-23T00:00:00.000Z" };
  expect(accountProblem(later, now)).toBeUndefined();
});
