import { expect, test } from "vitest";
import { askingForNext, readPage } from "../../../src/flows/api/pages.ts";

const hosts = new Set(["api.bitbucket.org"]);
const page = (next: unknown) => JSON.stringify({ values: [1], next });

test.each([
  ["https://api.bitbucket.org/2.0/repositories/acme?page=2", "/2.0/repositories/acme?page=2"],
  [undefined, undefined],
  [7, undefined],
])("next %j is %j", (next, path) => {
  expect(readPage(page(next), hosts)?.next).toBe(path);
});

test.each([
  "https://evil.example/2.0/x",
  "https://api.bitbucket.org.evil.example/2.0/x",
  "https://api.bitbucket.org@evil.example/2.0/x",
  "https://api.bitbucket.org/3.0/x",
  "https://api.bitbucket.org/2.0/../x",
  "//evil.example/2.0/x",
  "/2.0/x",
])("next %j is not followed", (next) => {
  expect(() => readPage(page(next), hosts)).toThrow(/another host|\. or \.\./u);
});

test("what is no page has no values", () => {
  expect(readPage('{"uuid":"1"}', hosts)).toMatchObject({ values: undefined, next: undefined });
  expect(readPage("[1]", hosts)).toBeUndefined();
  expect(readPage("<html>", hosts)).toBeUndefined();
});

test.each([
  ["/2.0/x?fields=values.uuid", "/2.0/x?fields=values.uuid,next"],
  ["/2.0/x?q=a&fields=values.uuid,next", "/2.0/x?q=a&fields=values.uuid,next"],
  ["/2.0/x?fields=%2Bvalues.uuid", "/2.0/x?fields=%2Bvalues.uuid"],
  ["/2.0/x?fields=-values.links", "/2.0/x?fields=-values.links"],
  ["/2.0/x", "/2.0/x"],
])("%j asks for %j", (path, asked) => {
  expect(askingForNext(path)).toBe(asked);
});
