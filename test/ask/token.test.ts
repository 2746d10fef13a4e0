import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readToken, readTokenFromStdin } from "../../src/ask/token.ts";

const fromStdin = (...chunks: (string | Uint8Array)[]) =>
  readTokenFromStdin(Readable.from(chunks.map((chunk) => Buffer.from(chunk))));

test.each([
  ["one line", "ATATabc\n"],
  ["no line end", "ATATabc"],
  ["a line end of Windows", "ATATabc\r\n"],
  ["blanks around it", "  ATATabc\t\n"],
  ["blanks that only look like one", "\u00a0ATATabc\u200b"],
  ["a byte order mark", "\ufeffATATabc\n"],
])("takes %s", async (_title, text) => {
  expect((await fromStdin(text)).reveal()).toBe("ATATabc");
});

test("takes it in pieces, cut inside a character", async () => {
  const bytes = Buffer.from("pässword\n");
  expect((await fromStdin(bytes.subarray(0, 2), bytes.subarray(2))).reveal()).toBe("pässword");
});

test.each([
  ["nothing", "", "no token was given"],
  ["only a line end", "\n", "no token was given"],
  ["only blanks", "  \n", "no token was given"],
  ["two lines", "ATATone\nATATtwo\n", "a token is one line without control characters"],
  ["an empty line behind it", "ATATone\n\n", "a token is one line without control characters"],
  ["a line before it", "\nATATone\n", "a token is one line without control characters"],
  ["a control character", "ATAT\u001bone\n", "a token is one line without control characters"],
  ["NUL", "ATAT\0one\n", "a token is one line without control characters"],
  ["a carriage return", "ATAT\rone\n", "a token is one line without control characters"],
  ["a file", "x".repeat(65_537), "standard input holds more than a token"],
  ["no text", new Uint8Array([0x41, 0xff, 0x0a]), "standard input is not text"],
])("refuses %s", async (_title, input, message) => {
  await expect(fromStdin(input)).rejects.toMatchObject({ code: "bad-token", message });
});

test("takes a secret of 65,536 bytes", async () => {
  expect((await fromStdin("x".repeat(65_536))).length).toBe(65_536);
});

test("what is typed follows the same rules", () => {
  expect(readToken(" ATATabc ").reveal()).toBe("ATATabc");
  expect(() => readToken(" ")).toThrow("no token was given");
});
