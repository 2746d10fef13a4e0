// What git's word against a token comes to, as time goes by.
import { describe, expect, test } from "vitest";
import {
  isCheckOfRefusedDue,
  isCheckOfRefusedFresh,
  isDoubtful,
  isRefused,
  refuse,
} from "../../src/accounts/refusals.ts";
import { plainAccount } from "./sample-accounts.ts";

const start = Date.parse("2026-11-22T10:00:00.000Z");
const minute = 60_000;
const at = (milliseconds: number): string => new Date(start + milliseconds).toISOString();

/** The account after refusals at these times, milliseconds from the start. */
const refusedAt = (...times: readonly number[]) =>
  times.reduce((account, time) => refuse(account, start + time), plainAccount);

describe("doubtful", () => {
  test.each([
    ["one refusal", [0], false],
    ["two", [0, 1], false],
    ["three at once", [0, 0, 0], true],
    ["three within ten minutes", [0, 5 * minute, 10 * minute], true],
    ["three within more", [0, 5 * minute, 10 * minute + 1], false],
    ["three of many", [0, 9 * minute, 18 * minute, 21 * minute, 24 * minute], true],
    ["three, and one much later", [0, 1, 2, 60 * minute], true],
  ])("%s", (_title, times, doubtful) => {
    expect(isDoubtful(refusedAt(...times), start + 100 * minute)).toBe(doubtful);
  });

  test("not by a clock that was wrong", () => {
    const account = { ...plainAccount, refusals: [at(1), at(2), at(3)] };
    expect(isRefused(account, start)).toBe(false);
    expect(isDoubtful(account, start)).toBe(false);
    expect(refuse(account, start).refusals).toEqual([at(0)]);
  });
});

test("of many refusals the first and the last three are kept", () => {
  const times = [0, 20, 40, 60, 80].map((minutes) => minutes * minute);
  expect(refusedAt(...times).refusals).toEqual([0, 2, 3, 4].map((one) => at(times[one] ?? 0)));
});

describe("the next check", () => {
  test("is never due without a refusal", () => {
    expect(isCheckOfRefusedDue(plainAccount, start)).toBe(false);
  });

  test("comes after pauses that grow to an hour", () => {
    const refused = refusedAt(0);
    const checks: number[] = [];
    for (let second = 0; second < 10 * 3600; second += 1) {
      const last = checks.at(-1);
      const account = { ...refused, ...(last !== undefined && { checked: at(last * 1000) }) };
      if (isCheckOfRefusedDue(account, start + second * 1000)) checks.push(second);
    }
    expect(checks.slice(0, 8)).toEqual([10, 30, 70, 150, 310, 630, 1270, 2550]);
    expect(checks.at(-1)).toBeGreaterThan(9 * 3600);
    expect(checks.length).toBeLessThan(20);
  });

  test.each([
    ["a check before the refusal does not count", at(-1000)],
    ["nor does one that is still to come", at(100 * minute)],
  ])("%s", (_title, checked) => {
    const account = { ...refusedAt(0), checked };
    expect(isCheckOfRefusedDue(account, start + 9999)).toBe(false);
    expect(isCheckOfRefusedDue(account, start + 10_000)).toBe(true);
  });
});

test("a check has just begun for ten seconds, if it is one because of the refusal", () => {
  const account = refusedAt(0);
  const fresh = (checked: number, now: number) =>
    isCheckOfRefusedFresh({ ...account, checked: at(checked) }, start + now);
  expect([fresh(0, 0), fresh(1, 9999), fresh(1, 10_001)]).toEqual([true, true, false]);
  expect([fresh(-1, 0), fresh(2, 1)]).toEqual([false, false]);
  expect(isCheckOfRefusedFresh(account, start)).toBe(false);
  expect(isCheckOfRefusedFresh({ ...plainAccount, checked: at(0) }, start)).toBe(false);
});
