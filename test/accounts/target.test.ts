import { expect, test } from "vitest";
import { readTarget } from "../../src/accounts/target.ts";

const host = "bitbucket.org";

test.each([
  [undefined, undefined],
  ["", undefined],
  ["acme", "odd"],
  ["acme/..", "odd"],
  ["ACME/api.git", { workspace: "acme", repository: "api", part: "repository" }],
])("the path %j names %j", (path, place) => {
  expect(readTarget({ host, path }).place).toEqual(place);
});

test.each([
  ["acme/api.git/wiki", { workspace: "acme", repository: "api" }],
  ["snippets/acme/x", undefined],
  ["acme", undefined],
])("the repository of %j is %j", (path, repository) => {
  expect(readTarget({ host, path }).repository).toEqual(repository);
});

test("bitbucket's two hosts are one, others stay", () => {
  expect(readTarget({ host: "www.bitbucket.org" }).host).toBe("bitbucket.org");
  expect(readTarget({ host: "www.example.com" }).host).toBe("www.example.com");
});

test("an empty username, or a token in its place, names nobody", () => {
  expect(readTarget({ host, username: "" }).user).toBeUndefined();
  expect(readTarget({ host, username: `ATATT3x${"a".repeat(40)}` }).user).toBeUndefined();
  expect(readTarget({ host, username: "alice" }).user).toBe("alice");
});
