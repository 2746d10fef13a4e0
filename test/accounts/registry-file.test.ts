import { describe, expect, it } from "vitest";
import { formatRegistryFile, parseRegistryFile } from "../../src/accounts/registry-file.ts";
import type { Account } from "../../src/accounts/account.ts";
import { HelperError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { fullAccount, plainAccount } from "./sample-accounts.ts";

const path = "/home/ada/.local/share/git-credential-bitbucket/accounts.json";
const file = (accounts: readonly unknown[], version: unknown = 2) =>
  JSON.stringify({ version, accounts });

function refusal(text: string): HelperError {
  try {
    parseRegistryFile(text, path);
  } catch (error) {
    if (error instanceof HelperError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("the accounts file", () => {
  it("gives back what was put in", () => {
    const accounts = [plainAccount, fullAccount];
    const text = formatRegistryFile({ accounts, unknown: {} });
    expect(parseRegistryFile(text, path)).toEqual({ accounts, unknown: {} });
    expect(text).toMatch(/^\{\n {2}"version": 2,\n/u);
    expect(text.endsWith("}\n")).toBe(true);
  });

  it.each([
    { level: "host" },
    { level: "workspace", workspace: "acme" },
    { level: "project", workspace: "acme", project: "WEB" },
    { level: "repository", workspace: "acme", repository: "api" },
  ])("knows the scope $level", (scope) => {
    const { accounts } = parseRegistryFile(file([{ ...plainAccount, scope }]), path);
    expect(accounts[0]?.scope).toEqual(scope);
  });

  it("keeps what it does not know, in the file, in an account and in a scope", () => {
    const account = { ...plainAccount, colour: "blue", scope: { level: "host", area: 51 } };
    const text = JSON.stringify({ version: 2, accounts: [account], later: { a: [1] } });
    expect(JSON.parse(formatRegistryFile(parseRegistryFile(text, path)))).toEqual(JSON.parse(text));
  });

  it.each([
    ["", "it is no JSON"],
    ["{", "it is no JSON"],
    [file([]).slice(0, -1), "it is no JSON"],
    [`\uFEFF${file([])}`, "it is no JSON"],
    ["[]", "it is no JSON object"],
    ["null", "it is no JSON object"],
    ['"text"', "it is no JSON object"],
    ["{}", "it has no known version"],
    [file([], "1"), "it has no known version"],
    [file([], 0), "it has no known version"],
    [file([], null), "it has no known version"],
    ['{"version":1}', "it has no list of accounts"],
    ['{"version":1,"accounts":{}}', "it has no list of accounts"],
    [file([null]), "account 1 is no JSON object"],
    [file([plainAccount, []]), "account 2 is no JSON object"],
    [file([plainAccount, plainAccount]), "account 2 has the name of another"],
  ])("refuses %j", (text, problem) => {
    expect(refusal(text)).toMatchObject({
      code: "registry",
      message: `the accounts file ${path} is damaged: ${problem}`,
      hint: `mv ${path} ${path}.damaged`,
    });
  });

  const wrong: readonly [keyof Account, readonly unknown[]][] = [
    ["name", [undefined, null, "", 1, "a\nb", "a\u0000b"]],
    ["kind", [undefined, "password", "toString", 1]],
    ["host", [undefined, "", 1, "bitbucket.org\r"]],
    [
      "scope",
      [
        undefined,
        "host",
        { level: "team" },
        { level: "__proto__" },
        { level: "workspace" },
        { level: "project", workspace: "acme" },
        { level: "repository", workspace: "acme", repository: "" },
      ],
    ],
    ["gitUsername", [undefined, "", 1]],
    ["username", [null, "", 1]],
    ["email", [null, "", "a@b\nhost=evil"]],
    ["emailConfirmed", [null, "true", 1]],
    ["store", [undefined, "disk", ""]],
    ["secretKey", [undefined, "", 1]],
    ["hasRefreshToken", [null, "true", 0]],
    ["state", [undefined, "expired", true]],
    ["reason", [null, 1, "two\nlines"]],
    ["refusals", [null, "2026-01-01T00:00:00.000Z", ["now"], [null]]],
    ["scopeGuessed", [null, "yes"]],
    ["created", [undefined, "", "yesterday", "2026-01-01", "2026-13-01T00:00:00Z", 0]],
    ["validated", [null, "2026-01-01 00:00:00"]],
    ["checked", [null, "now"]],
    ["unreached", [false, "yes"]],
    ["expires", [null, "2027-01-01T00:00:00+01:00"]],
    ["scopes", [null, "repository", [1], [""]]],
    ["projectRepositories", [null, [], { "acme/api": "yes" }]],
    [
      "learned",
      [null, true, {}, { username: "" }, { username: "a", path: "" }, { username: "a\nb" }],
    ],
    ["fingerprint", [null, "", 1]],
    ["superseded", [null, "a", [null]]],
  ];

  it.each(wrong.flatMap(([field, values]) => values.map((value) => [field, value] as const)))(
    "refuses an account whose %s is %j, without quoting it",
    (field, value) => {
      const text = file([plainAccount, { ...fullAccount, [field]: value }]);
      expect(refusal(text).message).toBe(
        `the accounts file ${path} is damaged: account 2 has no valid ${field}`,
      );
    },
  );

  it("knows every field of an account", () => {
    expect(new Set(wrong.map(([field]) => field))).toEqual(new Set(Object.keys(fullAccount)));
  });

  it("reads version 1, in which every account was made by a person, and writes version 2", () => {
    const { learned: _, ...made } = fullAccount;
    const before = parseRegistryFile(file([plainAccount, fullAccount], 1), path);
    expect(before.accounts).toEqual([plainAccount, made]);
    const after = parseRegistryFile(formatRegistryFile(before), path);
    expect(after).toEqual(before);
    expect(JSON.parse(formatRegistryFile(before))).toMatchObject({ version: 2 });
  });

  it.each([
    [
      { state: "rejected", rejectedBy: "bitbucket", reason: "revoked" },
      { state: "rejected", reason: "revoked" },
    ],
    [
      { state: "rejected", rejectedBy: "git", reason: "git reported that it failed" },
      { state: "unverified", refusals: [plainAccount.created] },
    ],
    [
      { state: "rejected", rejectedBy: "git", validated: "2026-08-02T10:00:00.000Z" },
      {
        state: "approved",
        validated: "2026-08-02T10:00:00.000Z",
        refusals: ["2026-08-02T10:00:00.000Z"],
      },
    ],
  ])(
    "reads an account that git's word alone had set aside as one that is served: %j",
    (old, read) => {
      for (const version of [1, 2]) {
        const { accounts } = parseRegistryFile(file([{ ...plainAccount, ...old }], version), path);
        expect(accounts).toEqual([{ ...plainAccount, ...read }]);
      }
    },
  );

  it("leaves a newer version alone", () => {
    expect(refusal(file([{ anything: 1 }], 3))).toMatchObject({
      code: "registry",
      message: `the accounts file ${path} was written by a newer version`,
    });
  });

  it("lets no secret in, wherever it stands", () => {
    const token = `ATATT3xFfGF0${"q".repeat(171)}=1A2B3C4D`;
    const jwt = `eyJhbGciOiJIUzI1NiJ9.${"e".repeat(40)}.sig`;
    for (const secret of [token, jwt, `ATBB${"q".repeat(32)}`, `ATCTT3xFfGN0${"q".repeat(40)}`]) {
      for (const field of ["name", "reason", "username", "gitUsername", "later"]) {
        const accounts = [{ ...plainAccount, [field]: secret }];
        expect(() => formatRegistryFile({ accounts, unknown: {} })).toThrowError(TypeError);
      }
    }
    const accounts = [{ ...plainAccount, secret: new Secret("hunter2") } as Account];
    expect(formatRegistryFile({ accounts, unknown: {} })).not.toContain("hunter2");
    // @ts-expect-error a secret is no text
    const account: Account = { ...plainAccount, reason: new Secret("hunter2") };
    expect(() => formatRegistryFile({ accounts: [account], unknown: {} })).toThrowError(TypeError);
  });

  it("takes names that only begin like a token", () => {
    const accounts = [{ ...plainAccount, name: "ATATURK-ATBB", username: "BBDC-friends" }];
    expect(formatRegistryFile({ accounts, unknown: {} })).toContain("ATATURK");
  });
});
