// What holds for every source file beyond what the linter sees.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { projectRoot } from "../support/project.ts";
import { sourceFiles } from "./source-graph.ts";

const longest = 250; // lines; more is two files

function readLines(path: string): readonly string[] {
  return readFileSync(projectRoot + path, "utf8").split("\n");
}

const sources = sourceFiles().map((name) => `src/${name}`);
const scripts = readdirSync(`${projectRoot}install`, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.sh$|git-credential-bitbucket$/u.test(name))
  .map((name) => `install/${name}`);

test("every file opens with what it is", () => {
  const wrong = [...sources, ...scripts].filter((path) => {
    const [first = "", second = ""] = readLines(path);
    return !/^(?:\/\/|#) \S/u.test(first.startsWith("#!") ? second : first);
  });
  expect(wrong).toEqual([]);
});

test(`no source file has more than ${longest} lines`, () => {
  expect(sources.filter((path) => readLines(path).length - 1 > longest)).toEqual([]);
});

test("a comment names a page of docs/ with a heading that it has, and no other page", () => {
  const all = [
    ...sources,
    ...scripts,
    ...filesIn("test", /\.ts$/u),
    ...filesIn("build", /\.mjs$/u),
  ];
  const wrong: string[] = [];
  for (const path of all) {
    const text = readLines(path)
      .map((line) => line.replace(/^ *(?:\/\/|\*|#) ?/u, ""))
      .join(" ");
    for (const [whole, page = "", heading = ""] of text.matchAll(/docs\/([\w-]+\.md), "([^"]+)"/gu))
      if (!hasHeading(page, heading)) wrong.push(`${path}: ${whole}`);
    // A section by its number, or a page that is not in this repository.
    for (const [whole] of text.matchAll(/\b(?:[Ss]pec,? sections? \d|facts\/[a-z-]+\.md)/gu))
      wrong.push(`${path}: ${whole}`);
  }
  expect(wrong).toEqual([]);
});

test("a comment names files that are there", () => {
  const files = sources.concat(filesIn("test", /\.ts$/u));
  const names = new Set(files.map((path) => path.replace(/^.*\//u, "")));
  const wrong: string[] = [];
  for (const path of sources) {
    const comments = readLines(path).filter((line) => /^\s*(?:\/\/|\*|\/\*\*)/u.test(line));
    const named = comments.join("\n").matchAll(/\b(?:[a-z-]+\/)*([a-z-]+\.ts)\b/gu);
    for (const [whole, name = ""] of named) if (!names.has(name)) wrong.push(`${path}: ${whole}`);
  }
  expect(wrong).toEqual([]);
});

function hasHeading(page: string, heading: string): boolean {
  const found = readLines(`docs/${page}`).map((line) => /^##+ (.+)$/u.exec(line)?.[1]);
  return found.includes(heading);
}

function filesIn(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(projectRoot + folder, { recursive: true, encoding: "utf8" })
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);
}

test("nothing is put off", () => {
  const wrong = [...sources, ...scripts].filter((path) =>
    readLines(path).some((line) => /\b(?:TODO|FIXME|XXX)\b/u.test(line)),
  );
  expect(wrong).toEqual([]);
});

test("no test is left out or run alone", () => {
  const files = readdirSync(`${projectRoot}test`, { recursive: true, encoding: "utf8" });
  const wrong = files
    .filter((name) => name.endsWith(".test.ts"))
    .flatMap((name) => readLines(`test/${name}`).map((line) => `${name}: ${line}`))
    .filter((line) =>
      /\b(?:test|it|describe)\.(?:skip|only|todo|skipIf|runIf|fails)\b/u.test(line),
    );
  // This file names them. What only root can try, or what the git under test lacks, is named by the counts reporter when it
  // is left out.
  const allowed =
    /^rules\/sources\.test\.ts|\btest\.runIf\((?:process\.getuid\?\.\(\) === 0|gitHas\.\w+)\)\(/u;
  expect(wrong.filter((line) => !allowed.test(line))).toEqual([]);
});
