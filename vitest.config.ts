import { defineConfig } from "vitest/config";
import { CountsReporter } from "./test/support/counts-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/build-program.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A machine that is busy with others can make the program's own limits pass, such as the keychain's 3 s. What needed
    // another try is said in the output.
    retry: process.env["CI"] === "true" ? 2 : 0,
    maxWorkers: 2,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ["default", new CountsReporter()],
  },
});
