// Runs the program under strace, which lets one system call fail, or kills the process at it. strace(1), "Tampering".
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../support/sandbox.ts";
import { projectRoot } from "../support/project.ts";
import type { World } from "../support/world.ts";

/** What changes files; of the reading ones, a start of Node makes too many. */
export const calls = [
  "rename",
  "unlink",
  "mkdir",
  "rmdir",
  "fsync",
  "write",
  "pwrite64",
  "fchmod",
  "fchown",
  "utimensat",
] as const;
export type Call = (typeof calls)[number];

/** An error of the call, or the end of the process at it. */
export const harms = ["ENOSPC", "EIO", "EACCES", "EROFS", "EINTR", "KILL"] as const;
export type Harm = (typeof harms)[number];

export interface Injected extends RunResult {
  /** False when the call did not happen so often. */
  readonly happened: boolean;
}

/** @param occurrence counts from 1, in each thread. */
export async function inject(
  world: World,
  args: readonly string[],
  input: string,
  call: Call,
  harm: Harm,
  occurrence: number,
): Promise<Injected> {
  const log = join(world.work, "strace");
  const how = harm === "KILL" ? "signal=KILL" : `error=${harm}`;
  const result = await world.run(
    "strace",
    [
      "-f",
      "-qq",
      "-o",
      log,
      `--trace=${call}`,
      `--inject=${call}:${how}:when=${occurrence}`,
      process.execPath,
      `${projectRoot}dist/main.js`,
      ...args,
    ],
    { input, env: { GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" } },
  );
  const traced = readFileSync(log, "utf8");
  return { ...result, happened: /\(INJECTED\)|killed by SIGKILL/u.test(traced) };
}
