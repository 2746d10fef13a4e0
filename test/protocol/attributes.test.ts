import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Attribute,
  type Attributes,
  formatAttributes,
  maxLineBytes,
  parseAttributes,
} from "../../src/protocol/attributes.ts";
import { readRequest } from "../../src/protocol/request.ts";
import { Secret } from "../../src/secret.ts";
import { refusedOr } from "../support/refused.ts";

describe("parseAttributes", () => {
  test("reads values as bytes and as text", () => {
    const attributes = parseAttributes(Buffer.from("username=André\npath=a/b\n"));
    expect(attributes.text("username")).toBe("André");
    expect(attributes.bytes("path")).toEqual(Buffer.from("a/b"));
    expect(attributes.text("host")).toBeUndefined();
    expect(attributes.bytes("host")).toBeUndefined();
    expect(attributes.list("wwwauth")).toEqual([]);
  });

  test("reads the view it is given, not the memory around it", () => {
    const memory = Buffer.from("host=evil\nhost=good\nhost=evil\n");
    expect(
      parseAttributes(new Uint8Array(memory.buffer, memory.byteOffset + 10, 10)).text("host"),
    ).toBe("good");
  });

  test("keeps lists in order, from the last reset on", () => {
    const attributes = parseAttributes(Buffer.from("a[]=1\nb[]=x\na[]=2\na[]=\na[]=3\na[]=4\n"));
    expect(attributes.list("a").map(String)).toEqual(["3", "4"]);
    expect(attributes.list("b").map(String)).toEqual(["x"]);
  });

  test("lets the last of an unknown key count, as git does", () => {
    expect(parseAttributes(Buffer.from("novelty=1\nnovelty=2\n")).text("novelty")).toBe("2");
  });

  test("shows no value to whoever prints what it read", () => {
    const attributes = parseAttributes(Buffer.from("password=hunter2\nwwwauth[]=hunter3\n"));
    const shown = `${inspect(attributes, { depth: 9, showHidden: true })}${JSON.stringify(attributes)}`;
    expect(shown).not.toMatch(/hunter|104/u);
  });

  test("throws nothing but HelperError bad-request, whatever the bytes", () => {
    fc.assert(
      fc.property(hostileBytes, (bytes) => {
        expect(refusedOr(() => readRequest(parseAttributes(bytes)))).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });

  test("never reads a request whose bytes name two hosts", () => {
    fc.assert(
      fc.property(hostileBytes, (bytes) => {
        fc.pre(refusedOr(() => parseAttributes(bytes)) !== "refused");
        const [head = ""] = `\n${bytes.toString("latin1")}`.split(/\n\r?\n/u);
        expect(head.split("\nhost=").length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("formatAttributes", () => {
  test("writes lines in order, secrets too", () => {
    const lines = formatAttributes([
      ["capability[]", "authtype"],
      ["username", "André"],
      ["password", new Secret("s3cr3t=")],
      ["raw", Buffer.of(0xff)],
    ]);
    expect(lines).toEqual(
      Buffer.concat([
        Buffer.from("capability[]=authtype\nusername=André\npassword=s3cr3t=\nraw="),
        Buffer.of(0xff, 0x0a),
      ]),
    );
  });

  test("writes nothing for nothing", () => {
    expect(formatAttributes([])).toHaveLength(0);
  });

  test.each<[string, Attribute]>([
    ["LF in a value", ["username", "a\nhost=evil"]],
    ["CR in a value", ["username", "a\rb"]],
    ["NUL in a value", ["username", "a\0b"]],
    ["LF in a secret", ["password", new Secret("a\nb")]],
    ["LF in bytes", ["username", Buffer.from("a\nb")]],
    ["lone surrogate", ["username", "a\u{d800}"]],
    ["equals sign in a key", ["user=name", "a"]],
    ["LF in a key", ["user\nname", "a"]],
    ["CR in a key", ["user\r", "a"]],
    ["NUL in a key", ["user\0", "a"]],
    ["space in a key", ["user name", "a"]],
    ["empty key", ["", "a"]],
    ["line too long", ["a", "x".repeat(maxLineBytes - 2)]],
  ])("refuses %s", (_title, attribute) => {
    expect(refusedOr(() => formatAttributes([attribute]))).toBe("refused");
  });

  test("writes the longest line there may be", () => {
    expect(formatAttributes([["a", "x".repeat(maxLineBytes - 3)]])).toHaveLength(maxLineBytes);
  });

  test("is read back as it was written", () => {
    fc.assert(
      fc.property(fc.uniqueArray(attribute, { selector: ([key]) => key }), (list) => {
        const attributes = parseAttributes(formatAttributes(list));
        expect(list.map(([key]) => [key, readBack(attributes, key)])).toEqual(list);
      }),
      { numRuns: 1000 },
    );
  });

  test("writes one line for each attribute or refuses", () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.string({ unit: "grapheme-ascii" }), fc.string({ unit: "binary" })),
        (pair) => {
          const lines = refusedOr(() => formatAttributes([pair]));
          fc.pre(lines !== "refused");
          expect(lines.indexOf(0x0a)).toBe(lines.length - 1);
          expect(lines.indexOf(0x3d)).toBe(pair[0].length);
        },
      ),
    );
  });
});

// Bytes that are likely to get somewhere: pieces of requests between noise.
const hostileBytes = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom("protocol=https\n", "host=bitbucket.org\n", "path=a/b\n"),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          "host=evil",
          "\n",
          "\r",
          "\r\n",
          "=",
          "host",
          "[]=",
          "\0",
          "\u{2028}",
          "username=",
        ),
      },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.from(pieces.join("")));

const attribute = fc.tuple(
  fc.stringMatching(/^[!-<>-Z^-~]{1,20}(?:\[\])?$/u),
  fc.string({ unit: "binary" }).filter((value) => value.length > 0 && !/[\n\r\0]/u.test(value)),
);

function readBack(attributes: Attributes, key: string): string | undefined {
  return key.endsWith("[]")
    ? attributes.list(key.slice(0, -2)).at(0)?.toString()
    : attributes.text(key);
}
