import { expect, test } from "vitest";
import { formText, jsonFields, splitField, typedValue } from "../../../src/flows/api/fields.ts";

test.each([
  ["a=b", ["a", "b"]],
  ["a==b", ["a", "=b"]],
  ["a=", ["a", ""]],
])("%j is %j", (typed, sides) => {
  expect(splitField(typed)).toEqual(sides);
});

test.each(["a", "=b", ""])("%j is no field", (typed) => {
  expect(() => splitField(typed)).toThrow("NAME=VALUE");
});

test.each([
  ["true", true],
  ["false", false],
  ["null", null],
  ["7", 7],
  ["-12", -12],
  ["0", 0],
  ["007", "007"],
  ["1.5", "1.5"],
  ["12345678901234567890", "12345678901234567890"],
  ["True", "True"],
  ["", ""],
])("-F takes %j for %j", (text, value) => {
  expect(typedValue(text)).toBe(value);
});

test("a form and a query keep every character, and names repeat", () => {
  expect(
    formText([
      ["include", "a&b"],
      ["include[]", "c+d e"],
      ["q", 'state="OPEN"'],
      ["n", 7],
    ]),
  ).toBe("include=a%26b&include=c%2Bd%20e&q=state%3D%22OPEN%22&n=7");
});

test.each([
  [[["a", "x"]], { a: "x" }],
  [
    [
      ["a[b]", 1],
      ["a[c][d]", true],
    ],
    { a: { b: 1, c: { d: true } } },
  ],
  [
    [
      ["events[]", "repo:push"],
      ["events[]", "pullrequest:created"],
    ],
    { events: ["repo:push", "pullrequest:created"] },
  ],
  [
    [
      ["r[][uuid]", "1"],
      ["r[][role]", "a"],
      ["r[][uuid]", "2"],
    ],
    { r: [{ uuid: "1", role: "a" }, { uuid: "2" }] },
  ],
  [[["n", null]], { n: null }],
  [[["l[]", null]], { l: [null] }],
] as const)("%j is %j", (fields, tree) => {
  expect(JSON.parse(JSON.stringify(jsonFields(fields)))).toEqual(tree);
});

test("a name of the language's own is a name like any other", () => {
  expect(JSON.stringify(jsonFields([["__proto__[polluted]", 1]]))).toBe(
    '{"__proto__":{"polluted":1}}',
  );
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test.each([
  [["a", "a"], "twice"],
  [["a", "a[b]"], "is a list in one place"],
  [["a[]", "a[b]"], "is a list in one place"],
  [["a[b]", "a[]"], "is a list in one place"],
  [["a[b"], "no name"],
  [["[]"], "no name"],
])("%j contradict each other: %s", (names, why) => {
  expect(() => jsonFields(names.map((name) => [name, "x"] as const))).toThrow(why);
});
