import { expect, test } from "vitest";
import { isExcused } from "./counts-reporter.ts";

const source = `
  test.runIf(gitHas.scopes)("needs scopes", async () => {});
  test.runIf(gitHas.sparseIndex)(
    "needs a \\"sparse\\" index",
    async () => {});
  test.runIf(process.getuid?.() === 0)("needs root", async () => {});
  test("needs nothing", async () => {});
`;

test.each([
  ["needs scopes", { scopes: false }, true],
  ["needs scopes", { scopes: true, sparseIndex: false, root: false }, false],
  ['needs a "sparse" index', { sparseIndex: false }, true],
  ["needs root", { root: false }, true],
  ["needs root", { root: true, scopes: false }, false],
  ["needs nothing", { scopes: false, sparseIndex: false, root: false }, false],
])("%s, here %j: left out %s", (title, here, excused) => {
  expect(isExcused(source, title, here)).toBe(excused);
});
