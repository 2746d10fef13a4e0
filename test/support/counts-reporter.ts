// Writes how many tests passed and failed, for the last line of `npm test`. A test that did not run counts as failed.
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const file = process.env["TEST_COUNTS"];
    if (file === undefined) return;
    const counts = { passed: 0, failed: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) counts[test.result().state === "passed" ? "passed" : "failed"] += 1;
      // A file that cannot be loaded has no tests to count.
      if (tests.length === 0 || module.errors().length > 0) counts.failed += 1;
    }
    writeFileSync(file, `${counts.passed} ${counts.failed}\n`);
  }
}
