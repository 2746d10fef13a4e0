import { expect, test } from "vitest";
import { readLoginOptions } from "../../../src/cli/commands/login-options.ts";

const now = Date.parse("2026-11-22T10:00:00Z");
const outside = { env: { PATH: "/usr/bin:/bin" }, now: () => now, platform: process.platform };

test.each([
  [{ email: "alice" }, "--email wants an email address, such as you@example.com"],
  [{ username: "a b" }, "--username wants a Bitbucket username"],
  [{ username: "" }, "--username wants a Bitbucket username"],
  [{ store: "memory" }, "--store is keychain, file, pass or docker-credential-NAME"],
  [{ expires: "soon" }, "expires is a date like 2027-11-22, a number of days like 90d, or never"],
  [{ expires: "2020-01-01" }, "that date is past: the token has expired"],
  [{ repository: "acme" }, "--repository wants WORKSPACE/REPOSITORY, such as acme/api"],
  [{ workspace: "a/b" }, "--workspace wants a workspace, such as acme"],
  [{ workspace: "a", repository: "a/b" }, "give one of --workspace, --project and --repository"],
  [{ account: "../x" }, "an account name has up to 64 letters, digits and . _ + - @, such as work"],
  [{ command: "" }, "--command wants a program and its arguments"],
  [{ command: "./op read" }, "--command wants a program's name or its absolute path"],
  [{ command: "no-such-program" }, "there is no such program on PATH as --command names"],
  [{ command: "cat a", store: "file" }, "--command says where the token is: give no --store"],
  [
    { command: "cat a", "with-token": true },
    "--command says where the token is: give no --with-token",
  ],
  [
    { command: `printf ATATT3xFfGF0${"a".repeat(180)}` },
    "--command holds a token: what stands on a command line everybody on this machine can read",
  ],
])("%j is refused", (values, message) => {
  expect(() => readLoginOptions(values, outside)).toThrow(
    expect.objectContaining({ code: "usage", message }),
  );
});

test("says what the command line says, and nothing else", () => {
  expect(readLoginOptions({}, outside)).toEqual({ validate: true });
  expect(
    readLoginOptions(
      {
        account: "work",
        email: "alice@example.com",
        username: "alice",
        repository: "Acme/API",
        expires: "never",
        store: "file",
        "no-validate": true,
      },
      outside,
    ),
  ).toEqual({
    account: "work",
    email: "alice@example.com",
    username: "alice",
    scope: { level: "repository", workspace: "acme", repository: "api" },
    expires: { at: undefined },
    store: "file",
    validate: false,
  });
});
