import { defineConfig } from "vitest/config";
import { CountsReporter } from "./test/support/counts-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build-program.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ["default", new CountsReporter()],
  },
});
