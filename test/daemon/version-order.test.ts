import { expect, test } from "vitest";
import { isOlder } from "../../src/daemon/version-order.ts";

test.each([
  ["0.1.0", "0.1.0", false],
  ["0.1.0", "0.1.1", true],
  ["0.1.1", "0.1.0", false],
  ["0.9.0", "0.10.0", true],
  ["1.0.0", "0.99.99", false],
  ["1.0.0-rc.1", "1.0.0", false],
  ["garbage", "0.0.1", true],
  ["", "", false],
])("%s is older than %s: %s", (one, other, older) => {
  expect(isOlder(one, other)).toBe(older);
});
