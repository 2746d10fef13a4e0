import { expect, test } from "vitest";
import { fingerprint, hasFingerprint } from "../../src/accounts/fingerprint.ts";
import { Secret } from "../../src/secret.ts";

const token = new Secret(`ATATT3xFfGF0${"a".repeat(180)}`);
const other = new Secret(`ATATT3xFfGF0${"b".repeat(180)}`);

test("a token is recognised, another is not, and the token is not in it", () => {
  const print = fingerprint(token) ?? "";
  expect(hasFingerprint(token, print)).toBe(true);
  expect(hasFingerprint(other, print)).toBe(false);
  expect(print).toMatch(/^[0-9a-f]{16}:[0-9a-f]{24}$/u);
});

test("two fingerprints of one token differ, so that two files cannot be compared", () => {
  expect(fingerprint(token)).not.toBe(fingerprint(token));
});

test("what could be guessed gets none", () => {
  expect(fingerprint(new Secret("correct horse battery staple"))).toBeUndefined();
});

test.each(["", ":", "salt", "00:zz", "00:00"])("%j is nobody's fingerprint", (known) => {
  expect(hasFingerprint(token, known)).toBe(false);
});
