// URLs with a login in them: which are Bitbucket's, what is in them, and what they are without it.
import { describe, expect, test } from "vitest";
import { parseLoginUrl, plainUrl, withoutLogins } from "../../../src/flows/migrate/login-url.ts";

const token = `ATBB${"a".repeat(32)}`;

describe("reads", () => {
  test.each([
    ["https://alice:s@bitbucket.org/acme/api.git", "alice", "s", "acme/api.git"],
    ["https://alice@bitbucket.org/acme/api.git", "alice", undefined, "acme/api.git"],
    ["https://alice:@bitbucket.org/acme/api", "alice", undefined, "acme/api"],
    ["https://:s@bitbucket.org/", undefined, "s", undefined],
    ["http://alice:s@www.bitbucket.org", "alice", "s", undefined],
    ["HTTPS://alice:s@BitBucket.ORG:443/a/b", "alice", "s", "a/b"],
    ["https://a%40b.c:p%3A%2F%40q@bitbucket.org/a/b", "a@b.c", "p:/@q", "a/b"],
    ["https://alice:a:b@c@bitbucket.org/a/b", "alice", "a:b@c", "a/b"],
    ["https://alice:100%@bitbucket.org/a/b", "alice", "100%", "a/b"],
    [`https://${token}@bitbucket.org/a/b`, undefined, token, "a/b"],
    [`https://${token}:@bitbucket.org/a/b`, undefined, token, "a/b"],
  ])("%s", (text, username, secret, path) => {
    const login = parseLoginUrl(text);
    expect([login?.username, login?.secret?.reveal(), login?.path]).toEqual([
      username,
      secret,
      path,
    ]);
    expect(login?.host).toBe("bitbucket.org");
  });
});

describe("leaves alone", () => {
  test.each([
    "https://bitbucket.org/acme/api.git",
    "https://@bitbucket.org/acme/api.git",
    "https://alice:s@github.com/acme/api.git",
    "https://alice:s@evilbitbucket.org/a/b",
    "https://alice:s@bitbucket.org.evil.org/a/b",
    "https://alice:s@bitbucket.org:8443/a/b",
    "https://alice:s@bitbucket.org@evil.org/a/b",
    "https://evil.org/alice:s@bitbucket.org/a/b",
    "https://evil.org?alice:s@bitbucket.org",
    "ssh://git@bitbucket.org/acme/api.git",
    "git@bitbucket.org:acme/api.git",
    "https://alice:s@\u{212A}itbucket.org/a",
    "",
  ])("%s", (text) => {
    expect(parseLoginUrl(text)).toBeUndefined();
  });
});

test.each([
  ["https://alice:s@bitbucket.org/acme/api.git", undefined, "https://bitbucket.org/acme/api.git"],
  ["http://alice:s@www.bitbucket.org/A/b%20c/", undefined, "https://bitbucket.org/A/b%20c/"],
  ["https://alice:s@bitbucket.org", undefined, "https://bitbucket.org"],
  ["https://alice:s@bitbucket.org/a/b", "bob@work", "https://bob%40work@bitbucket.org/a/b"],
])("%s for %s is %s", (text, username, plain) => {
  const login = parseLoginUrl(text);
  if (login === undefined) throw new Error("not read");
  expect(plainUrl(login, username)).toBe(plain);
});

test("for people, no login is left in a text", () => {
  expect(withoutLogins(`url.https://a:b@c@bitbucket.org/.insteadof http://${token}@x/y`)).toBe(
    "url.https://bitbucket.org/.insteadof http://x/y",
  );
});
