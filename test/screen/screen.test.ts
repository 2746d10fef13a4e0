// What the one sink lets through.
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { openScreen, ownSequence, screenText } from "../../src/screen/screen.ts";
import { openStyle } from "../../src/screen/style.ts";

const red = (word: string): string =>
  openStyle({ stdout: { isTTY: true, write: () => true }, env: {} })("red", word);

test.each([
  ["text,\tmore\nand more\n", "text,\tmore\nand more\n"],
  ["żółć 文字 😀", "żółć 文字 😀"],
  ["a\x1b[31mb\x1b[0m", String.raw`a\x1b[31mb\x1b[0m`],
  ["a\rb\x08c\x07d", String.raw`a\x0db\x08c\x07d`],
  ["a\x9b2Jb\x7f", String.raw`a\x9b2Jb\x7f`],
  ["a\x1b]52;c;AAAA\x07b", String.raw`a\x1b]52;c;AAAA\x07b`],
  ["a\u202eb\u2028c", String.raw`a\u{202e}b\u{2028}c`],
  ["a\0b\0c", String.raw`a\x00b\x00c`],
])("%j", (written, shown) => {
  expect(screenText(written)).toBe(shown);
});

test("colours of ours pass, and the same from outside does not, not even inside of them", () => {
  expect(screenText(red("failed"))).toBe("\x1b[31mfailed\x1b[39m");
  expect(screenText(red("a\x1b[39m\0b\0"))).toBe(
    String.raw`${"\x1b"}[31ma\x1b[39m\x00b\x00${"\x1b"}[39m`,
  );
  expect(screenText(`${ownSequence("\r\x1b[K")}looking`)).toBe("\r\x1b[Klooking");
});

test("without a terminal there are no colours", () => {
  const paint = openStyle({ stdout: { write: () => true }, env: {} });
  expect(paint("red", "failed")).toBe("failed");
});

test("bytes pass as they are", async () => {
  const stream = new PassThrough();
  const screen = openScreen(stream);
  screen.write(Buffer.from("username=a\x1b\u202e\n"));
  screen.write("a\x1b\n");
  stream.end();
  expect(await text(stream)).toBe(`username=a\x1b\u202e\n${String.raw`a\x1b`}\n`);
});
