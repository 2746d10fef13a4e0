// What a person reads about a token, word for word.
import { describe, expect, test } from "vitest";
import type { TokenKind } from "../../src/servers/token-kind.ts";
import {
  explainVerdict,
  verdictProblems,
  type VerdictSubject,
} from "../../src/servers/verdict-text.ts";
import type { Doubt, Verdict } from "../../src/servers/verdict.ts";

const acmeApi = { workspace: "acme", repository: "api" };
const work: VerdictSubject = { name: "work", kind: "api-token", email: "ada@example.com" };
const team: VerdictSubject = { name: "team", kind: "access-token" };
const rejected: Verdict = { outcome: "rejected", because: "" };

describe("one thing to say", () => {
  test.each<[string, Verdict, VerdictSubject, string, string | undefined]>([
    [
      "a token that works",
      { outcome: "valid", facts: { seesRepository: true } },
      work,
      "bitbucket accepts the token of account 'work'",
      undefined,
    ],
    [
      "a dead API token",
      rejected,
      work,
      "bitbucket rejected the token of account 'work' (401): it is revoked, expired, made without scopes or not of ada@example.com",
      "make a new one and run: git credential-bitbucket login --account work",
    ],
    [
      "a dead access token",
      rejected,
      team,
      "bitbucket rejected the token of account 'team' (401): it is revoked or expired",
      "make a new one and run: git credential-bitbucket login --account team",
    ],
    [
      "a dead token without an account",
      rejected,
      { kind: "api-token" },
      "bitbucket rejected the token (401): it is revoked, expired or made without scopes",
      "make a new one and run: git credential-bitbucket login",
    ],
    [
      "no push",
      {
        outcome: "lacks-scope",
        facts: {},
        missing: ["write:repository:bitbucket"],
        blocks: "push",
      },
      work,
      "fetch works, push will fail: the token lacks write:repository:bitbucket",
      "make a token with that scope and run: git credential-bitbucket login --account work",
    ],
    [
      "no fetch",
      {
        outcome: "lacks-scope",
        facts: {},
        missing: ["read:repository:bitbucket", "write:repository:bitbucket"],
        blocks: "fetch and push",
      },
      work,
      "fetch and push will fail: the token lacks read:repository:bitbucket and write:repository:bitbucket",
      "make a token with those scopes and run: git credential-bitbucket login --account work",
    ],
    [
      "another workspace",
      { outcome: "valid", facts: { seesRepository: false } },
      team,
      "the token of account 'team' does not see acme/api: the name is wrong or the token is for something else",
      "git credential-bitbucket login --repository acme/api",
    ],
    [
      "an app password, whatever was found",
      rejected,
      { kind: "app-password" },
      "app passwords stopped working on 28 July 2026",
      "make an API token with scopes at https://id.atlassian.com/manage-profile/security/api-tokens and run: git credential-bitbucket login",
    ],
    [
      "a token of Data Center",
      { outcome: "valid", facts: {} },
      { name: "old", kind: "data-center-token" },
      "bitbucket.org takes no Bitbucket Data Center token",
      "make an API token with scopes at https://id.atlassian.com/manage-profile/security/api-tokens and run: git credential-bitbucket login --account old",
    ],
    [
      "no email",
      unknown("identity", "it is not known to whom the token belongs"),
      { name: "work", kind: "api-token" },
      "the token of account 'work' could not be checked: it is not known to whom the token belongs",
      "git credential-bitbucket login --account work --email YOU@EXAMPLE.COM",
    ],
    [
      "a name with a blank",
      rejected,
      { name: "my work", kind: "access-token" },
      "bitbucket rejected the token of account 'my work' (401): it is revoked or expired",
      "make a new one and run: git credential-bitbucket login --account 'my work'",
    ],
  ])("%s", (_what, verdict, subject, message, hint) => {
    const text = explainVerdict(verdict, subject, acmeApi);
    expect(text.message).toBe(message);
    expect(text.hint).toBe(hint);
  });

  test.each<[Doubt, string]>([
    ["timeout", "git credential-bitbucket doctor"],
    ["network", "git credential-bitbucket doctor"],
    ["garbage", "git credential-bitbucket doctor"],
    ["elsewhere", "git credential-bitbucket doctor"],
    ["tls", "git config --global http.sslCAInfo /PATH/TO/CA.pem"],
    ["certificates", "git config --show-origin --get-all http.sslCAInfo"],
    ["proxy", "git config --show-origin --get-regexp 'http.*proxy'"],
    ["secret", "git credential-bitbucket login --account team"],
    ["identity", "git credential-bitbucket login --account team"],
    ["unsendable", "git credential-bitbucket login --account team"],
    ["busy", "git credential-bitbucket status --check"],
    ["fault", "git credential-bitbucket status --check"],
    ["refused", "git credential-bitbucket status --check"],
  ])("%s", (doubt, hint) => {
    expect(explainVerdict(unknown(doubt, "of this and that"), team)).toEqual({
      message: "the token of account 'team' could not be checked: of this and that",
      hint,
    });
  });
});

describe("several things", () => {
  test("a missing scope goes before a repository that is not seen", () => {
    const verdict: Verdict = {
      outcome: "lacks-scope",
      facts: { seesRepository: false },
      missing: ["repository:write"],
      blocks: "push",
    };
    expect(verdictProblems(verdict, team, acmeApi).map(({ message }) => message)).toEqual([
      "fetch works, push will fail: the token lacks repository:write",
      "the token of account 'team' does not see acme/api: the name is wrong or the token is for something else",
    ]);
  });

  test.each<[Verdict]>([
    [{ outcome: "valid", facts: {} }],
    [{ outcome: "valid", facts: { seesRepository: true } }],
  ])("nothing: %j", (verdict) => {
    for (const kind of [
      "api-token",
      "access-token",
      "oauth-token",
      "unknown",
    ] satisfies TokenKind[])
      expect(verdictProblems(verdict, { kind }, acmeApi)).toEqual([]);
  });

  test("a repository that nobody asked about is not named", () => {
    const verdict: Verdict = { outcome: "valid", facts: { seesRepository: false } };
    expect(verdictProblems(verdict, team)).toEqual([]);
  });
});

function unknown(doubt: Doubt, because: string): Verdict {
  return { outcome: "unknown", because, doubt };
}
