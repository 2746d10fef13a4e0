// Writes how many tests passed and failed, for the last line of `npm test`. A test that did not run counts as failed; only
// what root alone can try, or what the git under test lacks, may be left out, and is named.
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";
import { gitHas } from "./git-features.ts";

export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env["TEST_COUNTS"];
    if (file === undefined) return;
    const mayLeaveOut = process.getuid?.() !== 0 || Object.values(gitHas).includes(false);
    const counts = { passed: 0, failed: 0 };
    const leftOut: string[] = [];
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        if (state === "skipped" && mayLeaveOut) leftOut.push(test.fullName);
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
