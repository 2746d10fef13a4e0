import { expect, test } from "vitest";
import { longestExpiry, parseExpiry } from "../../src/ask/expiry.ts";

const now = Date.parse("2026-11-22T10:00:00Z");

test.each([
  ["2027-11-22", "2027-11-22T23:59:59.000Z"],
  [" 2027-11-22 ", "2027-11-22T23:59:59.000Z"],
  ["2026-11-22", "2026-11-22T23:59:59.000Z"],
  ["2028-02-29", "2028-02-29T23:59:59.000Z"],
  ["90d", "2027-02-20T23:59:59.000Z"],
  ["0d", "2026-11-22T23:59:59.000Z"],
  ["365D", "2027-11-22T23:59:59.000Z"],
  ["never", undefined],
  ["Never", undefined],
  ["", undefined],
])("%j is %s", (text, instant) => {
  expect(parseExpiry(text, now)).toBe(instant);
});

test.each([
  "tomorrow",
  "2027-02-29",
  "2027-13-01",
  "22.11.2027",
  "2027-11-22T10:00Z",
  "-1d",
  "90",
  "1y",
  "999999d",
  "+2027-11-22",
])("%j is refused", (text) => {
  expect(() => parseExpiry(text, now)).toThrow(
    "expires is a date like 2027-11-22, a number of days like 90d, or never",
  );
});

test.each(["2026-11-21", "1999-01-01"])("%j is past", (text) => {
  expect(() => parseExpiry(text, now)).toThrow("that date is past: the token has expired");
});

test("an API token lives a year at most", () => {
  expect(longestExpiry(now)).toBe("2027-11-22");
});
