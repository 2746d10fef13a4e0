import { expect, test } from "vitest";
import { jsonText } from "../../src/screen/json-text.ts";

test("is the same value, and nothing but printable ASCII where text could move, hide or reorder", () => {
  const hostile = "a\0\n\t\x1b[2J\x7f\x9b2J\u00ad\u200b\u202e\u2028\u2029\ufeff\u{e0041}\ud800b";
  const value = { [hostile]: [hostile, { deep: hostile }], other: "żółć 文字 😀" };
  const text = jsonText(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text.replaceAll(/[żółć文字😀]/gu, "")).toMatch(/^[\x20-\x7e\n]+$/u);
  expect(text).toContain("żółć 文字 😀");
});
