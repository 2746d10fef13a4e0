// Accounts with as little and as much in them as there can be.
import type { Account } from "../../src/accounts/account.ts";

export const plainAccount: Account = {
  name: "work",
  kind: "access-token",
  host: "bitbucket.org",
  scope: { level: "repository", workspace: "acme", repository: "api" },
  gitUsername: "x-token-auth",
  store: "file",
  secretKey: "work/0123456789ab",
  state: "unverified",
  created: "2026-08-01T10:00:00.000Z",
};

export const fullAccount: Required<Account> = {
  name: "ada",
  kind: "api-token",
  host: "bitbucket.org",
  scope: { level: "host" },
  gitUsername: "x-bitbucket-api-token-auth",
  username: "ada",
  email: "ada@example.com",
  emailConfirmed: true,
  store: "keychain",
  secretKey: "ada/ba9876543210",
  hasRefreshToken: true,
  state: "rejected",
  reason: "bitbucket answered 401",
  refusals: ["2026-08-03T09:00:00.000Z"],
  scopeGuessed: false,
  created: "2026-08-01T10:00:00.000Z",
  validated: "2026-08-02T10:00:00.000Z",
  checked: "2026-08-03T10:00:00Z",
  unreached: true,
  expires: "2027-08-01T00:00:00Z",
  scopes: ["read:repository:bitbucket", "write:repository:bitbucket"],
  projectRepositories: { "acme/api": true, "acme/web": false },
  fingerprint: "0123456789abcdef:0123456789abcdef01234567",
  learned: { username: "alice", path: "acme/api.git" },
  superseded: ["fedcba9876543210:0123456789abcdef01234567"],
};
