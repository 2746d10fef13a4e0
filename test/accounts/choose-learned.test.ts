// Accounts that a person made, and logins that git reported, side by side: who answers.
import { describe, expect, test } from "vitest";
import type { Account, Learned } from "../../src/accounts/account.ts";
import { chooseAccount } from "../../src/accounts/choose.ts";
import { isErasedBy, placeOf } from "../../src/accounts/learned.ts";
import {
  exampleAccount,
  exampleRequest as request,
  inProject,
  inWorkspace,
} from "./example-account.ts";

const now = Date.parse("2026-06-01T00:00:00.000Z");
const past = "2026-05-31T00:00:00.000Z";

function learned(name: string, place: Learned, fields: Partial<Account> = {}): Account {
  return exampleAccount({ name, gitUsername: place.username, learned: place, ...fields });
}

const evil = learned("evil", { username: "eve", path: "evil/sub.git" });
const stray = learned("stray", { username: "x-token-auth" });
const api = learned("api", { username: "x-token-auth", path: "acme/api.git" });
const strangers = [evil, stray, api];

function answers(accounts: readonly Account[], asked: Parameters<typeof request>[0]) {
  const choice = chooseAccount(request(asked), accounts, now);
  return choice.account === undefined ? choice.miss : choice.account.name;
}

describe("a login that git reported never goes before an account that a person made", () => {
  const alice = exampleAccount({ name: "alice", username: "alice" });
  const paths = ["acme/api.git", "acme/api", "evil/sub.git", "globex/lib.git", undefined];

  test.each([
    ["approved", {}],
    ["unverified", { state: "unverified" }],
    ["doubtful, which is no proof", { refusals: [past, past, past] }],
  ] as const)("that is %s", (_title, fields) => {
    for (const path of paths)
      for (const username of [undefined, "", "alice"])
        expect(answers([...strangers, { ...alice, ...fields }], { path, username })).toBe("alice");
  });

  test.each([
    ["rejected by bitbucket", { state: "rejected" }],
    ["expired", { expires: past }],
  ] as const)("that is %s, but for the very path", (_title, fields) => {
    const accounts = [...strangers, { ...alice, ...fields }];
    expect(answers(accounts, { path: "acme/api.git" })).toBe("api");
    expect(answers(accounts, { path: "evil/sub.git" })).toBe("evil");
    for (const path of ["acme/api", "acme/web.git", "globex/lib.git", undefined])
      expect(answers(accounts, { path })).toBe("alice");
    expect(answers(accounts, { path: "acme/api.git", username: "alice" })).toBe("alice");
    const choice = chooseAccount(request({ path: "acme/api.git" }), accounts, now);
    expect(choice).toMatchObject({ insteadOf: { name: "alice" } });
  });

  test("or before two of which the person is to name one, but for the very path", () => {
    const accounts = [...strangers, alice, { ...alice, name: "bob", username: "bob" }];
    expect(answers(accounts, { path: "acme/web.git" })).toBe("ambiguous");
    expect(answers(accounts, { path: undefined })).toBe("ambiguous");
    expect(answers(accounts, { path: "acme/api.git" })).toBe("api");
  });

  test("or before two projects of which Bitbucket is to be asked", () => {
    const projects = ["A", "B"].map((key) =>
      exampleAccount({ name: key, kind: "access-token", scope: inProject("acme", key) }),
    );
    expect(answers([...strangers, ...projects], {})).toBe("uncertain-projects");
  });
});

describe("what no account has a say in", () => {
  const globex = exampleAccount({ name: "globex", scope: inWorkspace("globex"), username: "bob" });

  test.each([
    ["the very path", { path: "evil/sub.git" }, "evil"],
    ["the very path, with slashes as other clients send them", { path: "/evil/sub.git/" }, "evil"],
    ["the very path and user", { path: "evil/sub.git", username: "eve" }, "evil"],
    ["a path of its host", { path: "acme/web.git" }, "stray"],
    ["a path before one without", { path: "acme/api.git" }, "api"],
    ["a user of its own", { path: "globex/lib.git", username: "x-token-auth" }, "stray"],
    ["another user", { path: "evil/sub.git", username: "alice" }, "no-account"],
    ["another spelling of the user", { path: "evil/sub.git", username: "Eve" }, "no-account"],
    ["another host", { host: "git.example.com", path: "evil/sub.git" }, "no-account"],
  ] as const)("%s", (_title, asked, answer) => {
    expect(answers([...strangers, globex], asked)).toBe(answer);
  });

  test.each([
    "evil/sub",
    "evil/SUB.git",
    "Evil/sub.git",
    "evil/sub.git.git",
    "evil/sub.git/wiki",
    "evil/sub.git/info/lfs",
    "evil//sub.git",
    "evil/./sub.git",
    "snippets/evil/sub.git",
  ])("is not taken for the path by its likeness: %s", (path) => {
    expect(answers([evil], { path })).toMatch(/^(?:no-account|odd-path)$/u);
  });

  test("is answered by the oldest of those that fit alike", () => {
    const later = learned("later", { username: "mallory" });
    expect(answers([stray, later], { path: "acme/web.git" })).toBe("stray");
  });

  test("is not answered by what has expired", () => {
    expect(answers([{ ...evil, expires: past }], { path: "evil/sub.git" })).toBe("no-account");
  });
});

test("no account is named by its name when git only reported it", () => {
  expect(answers([evil], { path: "evil/sub.git", username: "evil" })).toBe("no-account");
});

describe("what may be kept", () => {
  const token = `ATATT3xFfGF0${"x".repeat(40)}`;
  test.each([
    [
      { username: "eve", path: "/evil/sub.git/" },
      { username: "eve", path: "evil/sub.git" },
    ],
    [
      { username: "eve", path: "foo.git" },
      { username: "eve", path: "foo.git" },
    ],
    [{ username: "eve", path: "" }, { username: "eve" }],
    [{ username: "eve" }, { username: "eve" }],
    [{ username: "eve@example.com" }, { username: "eve@example.com" }],
    [{ username: "" }, undefined],
    [{ username: token }, undefined],
    [{ username: "eve", path: `acme/${token}` }, undefined],
    [{ username: "eve", path: "acme/../api" }, undefined],
    [{ username: "eve", path: "acme//api" }, undefined],
    [{ username: "eve", path: "acme/api?x" }, undefined],
    [{ username: "eve", path: "acme/%2e%2e/api" }, undefined],
    [{ username: "e\u202eve" }, undefined],
    [{ username: "e".repeat(256) }, undefined],
  ])("%j", (sent, place) => {
    expect(placeOf(sent)).toEqual(place);
  });
});

describe("what ends one", () => {
  test.each([
    [evil, {}, undefined, true],
    [evil, {}, true, true],
    [evil, {}, false, false],
    [evil, { username: "eve" }, undefined, true],
    [evil, { username: "bob" }, true, false],
    [evil, { path: "evil/sub.git" }, undefined, true],
    [evil, { path: "evil/other.git" }, true, false],
    [stray, { path: "evil/other.git" }, undefined, false],
    [stray, { path: "evil/other.git" }, true, true],
    [exampleAccount({ name: "made" }), {}, undefined, false],
  ] as const)("%j by %j with a password that it holds: %s", (account, pattern, holds, ends) => {
    expect(isErasedBy(account, pattern, holds)).toBe(ends);
  });
});
