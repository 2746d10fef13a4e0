import { existsSync } from "node:fs";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import type { DaemonMode } from "./test/support/daemon-mode.ts";
import { quickTests } from "./test/quick.ts";
import { CountsReporter } from "./test/support/counts-reporter.ts";

/** What has to work with the daemon and without it: see test/support/daemon-mode.ts. */
const mainJob = [
  "test/conformance/*.test.ts",
  "test/real-git/*.test.ts",
  "test/trust/*.test.ts",
  "test/people/{headless-server,two-accounts}.test.ts",
];

const limits = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // A machine that is busy with others can make the program's own limits pass, such as the keychain's 3 s. What needed
  // another try is said in the output.
  retry: process.env["CI"] === "true" ? 2 : 0,
  // Most tests wait for programs that they started: twice the cores are busy at last.
  maxWorkers: 4,
  allowOnly: false,
};

/** What runs the program builds it first, whichever of the projects begins. */
const globalSetup = ["test/support/build-program.ts"];

function withDaemon(mode: DaemonMode): TestProjectInlineConfiguration {
  const provide = { daemon: mode };
  return { test: { ...limits, globalSetup, name: `daemon ${mode}`, include: mainJob, provide } };
}

const quick = [...quickTests];
const wine = ["test/wine/*.test.ts"];
const others = { include: ["test/**/*.test.ts"], exclude: [...mainJob, ...quick, ...wine] };

export default defineConfig({
  test: {
    maxWorkers: limits.maxWorkers,
    // Of what runs in the process of the tests; the built program, which many of them start, is not measured.
    coverage: { provider: "v8", include: ["src/**/*.ts"], reporter: ["text-summary", "html"] },
    passWithNoTests: false,
    reporters: ["default", new CountsReporter()],
    projects: [
      withDaemon("on"),
      withDaemon("off"),
      { test: { ...limits, globalSetup, name: "once", ...others } },
      { test: { ...limits, name: "quick", include: quick } },
      ...(existsSync("/usr/bin/wine")
        ? [
            {
              test: {
                ...limits,
                globalSetup: ["test/wine/prepare.ts"],
                name: "wine",
                include: wine,
              },
            },
          ]
        : []),
    ],
  },
});
