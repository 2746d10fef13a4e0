// docs/threats.md tells for each threat where it is closed and which test holds that: what it names is there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { projectRoot } from "../support/project.ts";

interface Row {
  readonly threat: string;
  readonly rule: string;
  readonly sources: readonly string[];
  readonly tests: readonly (readonly [file: string, name: string])[];
}

/** A cell that is not written as the others are gives nothing, or not all that it names. */
function readRow(line: string): Row {
  const [threat = "", rule = "", sources = "", tests = "", ...more] = line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
  if (more.length > 0) throw new Error(`more than four cells: ${line}`);
  const source = /`([^`]+)`(?:, |$)/uy;
  const held = /`([^`]+)`: "([^"]+)"(?:, |$)/uy;
  return {
    threat,
    rule,
    sources: readAll(sources, source).map(([, file = ""]) => file),
    tests: readAll(tests, held).map(([, file = "", name = ""]) => [file, name]),
  };
}

function readAll(cell: string, part: RegExp): readonly RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  while (part.lastIndex < cell.length) {
    const next = part.exec(cell);
    if (next === null) throw new Error(`this is not written as the other rows are: ${cell}`);
    found.push(next);
  }
  return found;
}

const lines = readFileSync(`${projectRoot}docs/threats.md`, "utf8").split("\n");
const [, , ...body] = lines.filter((line) => line.startsWith("|"));
const rows = body.map(readRow);

/** The tests and groups of tests of a file, by the names that they have in its source. */
function namesIn(file: string): ReadonlySet<string> {
  if (!existsSync(projectRoot + file)) return new Set();
  const text = readFileSync(projectRoot + file, "utf8");
  return new Set(
    [...text.matchAll(/(?:\b(?:test|it|describe)|\))\(\s*"([^"\n]+)",\s/gu)].map(
      ([, name = ""]) => name,
    ),
  );
}

test("every row has a threat of its own, a rule, a file and a test", () => {
  expect(rows.length).toBeGreaterThan(20);
  expect(new Set(rows.map(({ threat }) => threat)).size).toBe(rows.length);
  for (const { threat, rule, sources, tests } of rows)
    expect({ threat, isWhole: rule !== "" && sources.length > 0 && tests.length > 0 }).toEqual({
      threat,
      isWhole: true,
    });
});

test("the files that close a threat are there", () => {
  const missing = rows.flatMap(({ sources }) =>
    sources.filter((file) => !existsSync(projectRoot + file)),
  );
  expect(missing).toEqual([]);
});

test("the tests that hold a rule are there, by these names", () => {
  const missing = rows
    .flatMap(({ tests }) => tests)
    .filter(([file, name]) => !/^test\/.*\.test\.ts$/u.test(file) || !namesIn(file).has(name));
  expect(missing).toEqual([]);
});

test("every attack has a row", () => {
  const held = new Set(rows.flatMap(({ tests }) => tests.map(([file]) => file)));
  const folder = `${projectRoot}test/trust`;
  const attacks = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
    : [];
  const files = attacks
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `test/trust/${name}`);
  expect(files.filter((file) => !held.has(file))).toEqual([]);
});

test("SECURITY.md and the table know of each other", () => {
  expect(readFileSync(`${projectRoot}SECURITY.md`, "utf8")).toContain("(docs/threats.md)");
  expect(lines.join("\n")).toContain("(../SECURITY.md)");
});
