// Writes how many tests passed and failed, for the last line of `npm test`. A test that did not run counts as failed; only
// what root alone can try, or what the git under test lacks, may be left out, and is named.
import { readFileSync, writeFileSync } from "node:fs";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { gitHas } from "./git-features.ts";

export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env["TEST_COUNTS"];
    if (file === undefined) return;
    const counts = { passed: 0, failed: 0 };
    const leftOut: string[] = [];
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        if (state === "skipped" && mayBeLeftOut(test)) leftOut.push(test.fullName);
        else counts[state === "passed" ? "passed" : "failed"] += 1;
      }
      // A file that cannot be loaded has no tests to count.
      if (tests.length === 0 || module.errors().length > 0) counts.failed += 1;
    }
    if (leftOut.length > 0)
      process.stdout.write(
        `\nnot run, because only root can, or because this git cannot:\n${leftOut.join("\n")}\n`,
      );
    writeFileSync(file, `${counts.passed} ${counts.failed}\n`);
  }
}

function mayBeLeftOut({ name, module }: TestCase): boolean {
  return isExcused(readFileSync(module.moduleId, "utf8"), name);
}

/** Whether the condition above this test, in its file's text, names what is lacking here. */
export function isExcused(
  source: string,
  title: string,
  here: Readonly<Record<string, boolean>> = { ...gitHas, root: process.getuid?.() === 0 },
): boolean {
  for (const [, condition, name] of source.matchAll(
    /\btest\.runIf\((?:gitHas\.(?=\w+\))|process\.getuid\?\.\(\) === 0(?=\)))(\w*)\)\(\s*("(?:[^"\\]|\\.)*")/gu,
  ))
    if (JSON.parse(name ?? "") === title && here[condition || "root"] === false) return true;
  return false;
}
