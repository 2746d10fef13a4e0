import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capabilityAnswer, formatCredential, formatQuit } from "../../src/protocol/credential.ts";
import { parseAttributes } from "../../src/protocol/attributes.ts";
import { Secret } from "../../src/secret.ts";
import { refusedOr } from "../support/refused.ts";

const username = "x-token-auth";
const password = new Secret("s3cr3t");

describe("formatCredential", () => {
  test("answers username and password", () => {
    expect(formatCredential({ username, password }).toString()).toBe(
      "username=x-token-auth\npassword=s3cr3t\n",
    );
  });

  test("adds the expiry", () => {
    expect(formatCredential({ username, password, expiry: 1_900_000_000 }).toString()).toBe(
      "username=x-token-auth\npassword=s3cr3t\npassword_expiry_utc=1900000000\n",
    );
  });

  test("hands the refresh token back", () => {
    const oauthRefreshToken = new Secret("xyzzy");
    expect(formatCredential({ username, password, oauthRefreshToken }).toString()).toBe(
      "username=x-token-auth\npassword=s3cr3t\noauth_refresh_token=xyzzy\n",
    );
  });

  test.each([0, -5, 1.5, Number.NaN, Infinity, 2 ** 53, undefined])(
    "leaves out an expiry that git would misread: %s",
    (expiry) => {
      expect(formatCredential({ username, password, expiry }).toString()).not.toContain("expiry");
    },
  );

  test("writes an expiry without exponent, however large", () => {
    const expiry = Number.MAX_SAFE_INTEGER;
    expect(formatCredential({ username, password, expiry }).toString()).toContain(
      "=9007199254740991\n",
    );
  });

  test("refuses a value with a line break, without quoting it", () => {
    const broken = { username, password: new Secret("s3cr3t\nhost=evil") };
    expect(() => formatCredential(broken)).toThrow(
      /^the answer to git was refused: a value with a line break or NUL$/u,
    );
  });

  test("never says protocol, host or path, whatever the values", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (name, secret) => {
        const credential = { username: name, password: new Secret(secret), expiry: 1 };
        const answer = refusedOr(() => formatCredential(credential));
        fc.pre(answer !== "refused");
        const attributes = parseAttributes(answer);
        expect([attributes.text("username"), attributes.text("password")]).toEqual([name, secret]);
        for (const key of ["protocol", "host", "path", "quit", "credential"])
          expect(attributes.bytes(key)).toBeUndefined();
      }),
    );
  });
});

test("formatQuit ends the chain", () => {
  expect(formatQuit().toString()).toBe("quit=1\n");
});

test("capability names the version and nothing that we do not speak", () => {
  expect(capabilityAnswer).toBe("version 0\n");
});
