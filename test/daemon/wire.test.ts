import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  answerWords,
  formatAnswer,
  formatQuestion,
  headerEnd,
  operationCodes,
  parseAnswer,
  parseQuestion,
} from "../../src/daemon/wire.ts";

const operations = Object.keys(operationCodes) as (keyof typeof operationCodes)[];
const names = fc
  .stringMatching(/^[a-z]{2,8}$/u)
  .filter((name) => !["action", "timeout", "wire"].includes(name));

describe("questions", () => {
  test("come back as they were asked, whatever bytes the body has", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...operations),
        fc.dictionary(
          names,
          fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\0]/u.test(text)),
        ),
        fc.uint8Array({ maxLength: 300 }),
        (operation, header, body) => {
          const asked = formatQuestion(operation, Object.entries(header), body);
          const read = parseQuestion(asked);
          expect(read?.operation).toBe(operation);
          expect(read?.body.equals(Buffer.from(body))).toBe(true);
          for (const [name, value] of Object.entries(header)) {
            expect(read?.header.text(name)).toBe(value);
          }
        },
      ),
    );
  });

  test("all go as get, with a code that every git hands on unchanged", () => {
    for (const operation of operations) {
      const text = formatQuestion(operation, []).toString();
      expect(text).toMatch(/^action=get\ntimeout=\d{1,2}\nwire=2\n\n$/u);
    }
    expect(new Set(Object.values(operationCodes)).size).toBe(operations.length);
  });

  test.each([
    [
      "git's own cache with our socket",
      "action=get\ntimeout=900\nprotocol=https\nhost=bitbucket.org\n",
    ],
    ["its store", "action=store\ntimeout=0\nwire=2\n\nprotocol=https\n"],
    ["a code nobody has", "action=get\ntimeout=99\nwire=2\n\n"],
    ["a code with another spelling", "action=get\ntimeout=00\nwire=2\n\n"],
    ["another version's front", "action=get\ntimeout=0\nwire=1\n\nprotocol=https\n"],
    ["no version", "action=get\ntimeout=0\n\nprotocol=https\n"],
    ["nothing", ""],
  ])("of nobody we know: %s", (_who, text) => {
    expect(parseQuestion(Buffer.from(text))).toBeUndefined();
  });

  test("exit is understood from everybody", () => {
    expect(parseQuestion(Buffer.from("action=exit\ntimeout=0\n"))?.operation).toBe("exit");
  });

  test.each([
    "action=get\ntimeout=0\nwire=2\ncwd\n\n",
    "action=get\r\ntimeout=0\nwire=2\n\n",
    "action=get\ntimeout=0\nwire=2\ncwd=a\0b\n\n",
  ])("a header that cannot be read is refused: %j", (text) => {
    expect(() => parseQuestion(Buffer.from(text))).toThrow("refused");
  });

  test("the header ends at the first blank line", () => {
    expect(headerEnd(Buffer.from("a=b\n\nc=d\n\n"))).toBe(4);
    expect(headerEnd(Buffer.from("a=b\n"))).toBeUndefined();
  });
});

describe("answers", () => {
  test.each(answerWords)("%s comes back with its lines", (word) => {
    const attributes = Buffer.from("username=a\npassword=b\n");
    expect(parseAnswer(formatAnswer(word, attributes))).toEqual({ word, attributes });
    expect(parseAnswer(formatAnswer(word))?.attributes.length).toBe(0);
  });

  test("an answer that is cut off anywhere is none", () => {
    const whole = formatAnswer("answer", Buffer.from("username=a\npassword=secret\n"));
    for (let length = 0; length < whole.length; length += 1) {
      expect(parseAnswer(whole.subarray(0, length))).toBeUndefined();
    }
  });

  test.each([
    "capability[]=authtype\nusername=a\n",
    "bitbucket=maybe\nbitbucket=end\n",
    "bitbucket=end\n",
    "\n\n",
  ])("of another daemon is none: %j", (text) => {
    expect(parseAnswer(Buffer.from(text))).toBeUndefined();
  });

  test("have nothing in them that git would misread", () => {
    const lines = formatAnswer("node", Buffer.from("ticket=1\n")).toString().trimEnd().split("\n");
    expect(lines.every((line) => /^(?:bitbucket|ticket)=/u.test(line))).toBe(true);
  });
});
