import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HelperError } from "../../src/errors.ts";
import { hasToken, redact } from "../../src/screen/redact.ts";
import { Secret } from "../../src/secret.ts";

const apiToken = `ATATT3xFfGF0${"aB-_9".repeat(34)}a=0123ABCD`;
const webToken = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln";

describe("redact, in text", () => {
  test.each([
    [`token ${apiToken} given`, "token [secret] given"],
    [`token ${encodeURIComponent(apiToken)} given`, "token [secret] given"],
    ["ATCTT3xFfGN0abcdef", "[secret]"],
    ["ATBBabcdef012345", "[secret]"],
    ["BBDC-MjMzNDU2Nzg5", "[secret]"],
    [`got ${webToken}, and`, "got [secret], and"],
    ["https://alice:hunter2@bitbucket.org/a/b", "https://alice:[secret]@bitbucket.org/a/b"],
    ["https://:hunter2@bitbucket.org/a/b", "https://:[secret]@bitbucket.org/a/b"],
    ["https://a:b@c:d@bitbucket.org/a/b", "https://a:[secret]@bitbucket.org/a/b"],
    ["http://proxy:pa%40ss@10.0.0.1:3128", "http://proxy:[secret]@10.0.0.1:3128"],
    [`https://${apiToken}@bitbucket.org/a/b`, "https://[secret]@bitbucket.org/a/b"],
    ["Authorization: Basic eDp5", "Authorization: [secret]"],
    ["> proxy-authorization: Bearer abc\n> host: x", "> proxy-authorization: [secret]\n> host: x"],
    ["AUTHORIZATION=Basic eDp5", "AUTHORIZATION=[secret]"],
    ["Cookie: session=1; a=b", "Cookie: [secret]"],
    ["sent Basic eC10b2tlbi1hdXRo1 twice", "sent Basic [secret] twice"],
    ["sent Bearer abcdefgh1.x-y_z twice", "sent Bearer [secret] twice"],
    ["username=alice\npassword=hunter2\nhost=x", "username=alice\npassword=[secret]\nhost=x"],
    ['password=hunter "2" & more', "password=[secret]"],
    ["password=hunter\r2", "password=[secret]"],
    ["credential=abc def", "credential=[secret]"],
    ["oauth_refresh_token=abc", "oauth_refresh_token=[secret]"],
    ["?access_token=abc&x=1", "?access_token=[secret]&x=1"],
    ["BITBUCKET_TOKEN=abc git fetch", "BITBUCKET_TOKEN=[secret] git fetch"],
    ["client_secret=abc", "client_secret=[secret]"],
    ['{"password":"hunter\\"2","a":1}', '{"password":"[secret]","a":1}'],
    ["options: { password: 'hunter2', a: 1 }", 'options: { password: "[secret]", a: 1 }'],
    ['{"body":"{\\"token\\":\\"hunter2\\"}"}', '{"body":"{\\"token\\":\\"[secret]\\"}"}'],
    ['{"msg":"password=hunter2\\nhost=x","b":1}', '{"msg":"password=[secret]","b":1}'],
    ['{"msg":"token=abc\\"","b":1}', '{"msg":"token=[secret]\\"","b":1}'],
  ])("%j becomes %j", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  test.each([
    "https://alice@bitbucket.org/acme/api.git",
    "https://bitbucket.org:443/acme/api@main",
    "the token lacks write:repository:bitbucket",
    "Basic authentication is off",
    "ATAT, ATCT and ATBB begin tokens",
    "password_expiry_utc=1900000000",
    "git config --global credential.https://bitbucket.org.helper ''",
    "git credential-bitbucket login --with-token < file",
    "Password for 'https://bitbucket.org': ",
    "2026-11-22T10:00:00.000Z",
    "",
  ])("%j stays", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("leaves JSON readable", () => {
    const line = { msg: `failed: password=${apiToken}`, url: "https://a:b@c/d", token: "x", n: 1 };
    const { n, ...rest } = JSON.parse(redact(JSON.stringify(line))) as typeof line;
    expect(n).toBe(1);
    expect(JSON.stringify(rest)).not.toMatch(/ATAT|a:b@|"x"/u);
  });

  test("leaves no token in any text around it, and changes nothing the second time", () => {
    const around = fc.string({ unit: "grapheme-ascii" });
    const token = fc.stringMatching(/^AT(?:AT|CT|BB)[A-Za-z0-9_-]{24,60}$/u);
    fc.assert(
      fc.property(around, token, around, (before, secret, behind) => {
        const text = redact(`${before} ${secret} ${behind}`);
        expect(text).not.toContain(secret);
        expect(redact(text)).toBe(text);
      }),
    );
  });

  test("takes no longer than its text: no pattern starts over", () => {
    // Each would take minutes if a pattern were quadratic.
    for (const piece of [
      "://a:",
      "eyJaaaaaa",
      "password",
      'token: "',
      "Basic ",
      "ATAT",
      "cookie  ",
    ])
      expect(redact(piece.repeat(100_000)).length).toBeGreaterThan(0);
  });
});

describe("a token in a word", () => {
  const appPassword = `ATBB${"aZ09".repeat(8)}`;
  const words = [
    apiToken,
    `ATCTT3xFfGN0${"x".repeat(180)}`,
    appPassword,
    `BBDC-${"Mz9+".repeat(12)}`,
    webToken,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln",
  ];

  test.each(words.flatMap((word) => [word, `${word}@example.com`, `acme/${word}`]))(
    "%s",
    (word) => {
      expect(hasToken(word)).toBe(true);
    },
  );

  test.each([apiToken, appPassword])("is known in lower case, as paths are folded: %s", (word) => {
    expect(hasToken(word.toLowerCase())).toBe(true);
    expect(redact(`no account covers ${word.toLowerCase()}/api`)).toBe(
      "no account covers [secret]/api",
    );
  });

  test.each([
    "datatransformation-and-integration-services",
    "acme/datatransfer-microservice-frontend",
    "ATATURK-ATBB",
    "BBDC-friends",
    "bbdc-friends-of-the-server",
    "atbbq-lovers-and-smokers-of-the-world",
    "eyjafjallajokull.volcano",
    "x-bitbucket-api-token-auth",
    "alice@example.com",
  ])("is not %s", (word) => {
    expect(hasToken(word)).toBe(false);
    expect(redact(word.toLowerCase())).toBe(word.toLowerCase());
  });
});

describe("redact, at any depth", () => {
  test("hides values by their names", () => {
    const given = {
      password: "hunter2",
      pin: { passphrase: "a b c", deep: [{ refresh_token: "x", accessToken: "y" }] },
      headers: new Map([["Authorization", "Basic x"]]),
      token: 12_345,
      account: "alice",
      secretKey: "alice/0123456789ab",
    };
    expect(redact(given)).toEqual({
      password: "[secret]",
      pin: {
        passphrase: "[secret]",
        deep: [{ refresh_token: "[secret]", accessToken: "[secret]" }],
      },
      headers: new Map([["Authorization", "[secret]"]]),
      token: "[secret]",
      account: "alice",
      secretKey: "alice/0123456789ab",
    });
    expect(given.password).toBe("hunter2");
  });

  test("goes into what a name holds", () => {
    expect(redact({ token: { kind: "api-token", text: apiToken } })).toEqual({
      token: { kind: "api-token", text: "[secret]" },
    });
  });

  test("leaves what is no secret as it is", () => {
    const date = new Date(0);
    const given = {
      date,
      n: 1,
      yes: true,
      nothing: null,
      missing: undefined,
      big: 1n,
      set: new Set(["a"]),
    };
    expect(redact(given)).toEqual(given);
    expect(redact(undefined)).toBeUndefined();
    expect(redact(7)).toBe(7);
  });

  test("shows no bytes", () => {
    expect(redact([Buffer.from("hunter2"), { password: Buffer.from("x") }])).toEqual([
      "[7 bytes]",
      { password: "[secret]" },
    ]);
  });

  test("leaves a Secret to itself", () => {
    expect(inspect(redact({ kept: new Secret("hunter2") }))).toBe("{ kept: [secret] }");
  });

  test("shows URLs as text", () => {
    expect(redact({ url: new URL("https://a:b@c.example/d") })).toEqual({
      url: "https://a:[secret]@c.example/d",
    });
  });

  test("ends circles", () => {
    const circle: { self?: unknown; twice: object[] } = { twice: [] };
    circle.self = circle;
    const shared = {};
    circle.twice.push(shared, shared);
    expect(redact(circle)).toEqual({ self: "[circular]", twice: [{}, {}] });
  });

  test("keeps an error's class, code, hint, stack and causes", () => {
    const cause = Object.assign(new TypeError(`bad header Basic ${apiToken}`), {
      headers: { authorization: "Bearer x" },
    });
    const error = new HelperError("network", `cannot send password=${apiToken}`, {
      hint: `curl https://a:${apiToken}@api.bitbucket.org`,
      cause,
    });
    const clean = redact(error);
    expect(clean).toBeInstanceOf(HelperError);
    expect(clean).toMatchObject({
      code: "network",
      message: "cannot send password=[secret]",
      hint: "curl https://a:[secret]@api.bitbucket.org",
      cause: { message: "bad header Basic [secret]", headers: { authorization: "[secret]" } },
    });
    expect(clean.cause).toBeInstanceOf(TypeError);
    expect(clean.stack).toContain("redact.test.ts");
    expect(inspect(clean, { depth: 9, showHidden: true })).not.toContain("ATATT");
    expect(error.message).toContain("ATATT");
  });

  test("reaches the errors of an AggregateError and the cause that is the error itself", () => {
    const first = new Error(`token ${webToken}`);
    const all: Error & { cause?: unknown } = new AggregateError([first], "all failed");
    all.cause = all;
    const clean = redact(all);
    expect(clean).toMatchObject({ errors: [{ message: "token [secret]" }], cause: "[circular]" });
  });
});
