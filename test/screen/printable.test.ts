import { expect, test } from "vitest";
import { printable } from "../../src/screen/printable.ts";

test.each([
  ["acme/api", "acme/api"],
  ["żółć 文字 😀", "żółć 文字 😀"],
  ["a\x1b[2Jb", String.raw`a\x1b[2Jb`],
  ["a\r\nb\tc\0", String.raw`a\x0d\x0ab\x09c\x00`],
  ["a\x7fb\x9bc", String.raw`a\x7fb\x9bc`],
  ["a\u202egpj.exe", String.raw`a\u{202e}gpj.exe`],
  ["a\u2066b\u2069", String.raw`a\u{2066}b\u{2069}`],
  ["a\u2028b\u2029c", String.raw`a\u{2028}b\u{2029}c`],
  ["a\u200bb\ufeffc\u00add", String.raw`a\u{200b}b\u{feff}c\xadd`],
  ["a\ud800b", String.raw`a\u{d800}b`],
])("masks what could move, hide or reorder text: %j", (text, masked) => {
  expect(printable(text)).toBe(masked);
});
