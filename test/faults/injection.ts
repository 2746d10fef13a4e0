// Runs the program with one call that changes files failing, or with its end there: inject.c, preloaded into it and into all
// that it starts. Its counter is one for all threads and processes; strace(1) counts in each thread for itself.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { RunResult } from "../support/sandbox.ts";
import { projectRoot } from "../support/project.ts";
import type { World } from "../support/world.ts";

/** By the names that inject.c knows. `write` is also pwrite, `fsync` fdatasync, `unlink` unlinkat, `open` only for writing. */
export const calls = [
  "open",
  "write",
  "ftruncate",
  "fsync",
  "close",
  "rename",
  "link",
  "unlink",
  "mkdir",
  "rmdir",
  "chmod",
  "chown",
  "utimes",
] as const;
export type Call = (typeof calls)[number];

/** An error of the call, a write that ends in the middle because the disk is full, or the end of the process. */
export const harms = ["ENOSPC", "EIO", "EACCES", "EROFS", "EINTR", "SHORT", "KILL"] as const;
export type Harm = (typeof harms)[number];

export interface Injected extends RunResult {
  /** False when the call did not happen so often. */
  readonly happened: boolean;
}

export interface Injector {
  /** @param occurrence of the call in a folder that the program may change, counted from 1. */
  inject(
    run: { readonly args: readonly string[]; readonly input: string },
    call: Call,
    harm: Harm,
    occurrence: number,
  ): Promise<Injected>;
}

export async function openInjector(world: World): Promise<Injector> {
  const library = join(world.work, "inject.so");
  const state = join(world.work, "inject.state");
  const source = `${projectRoot}test/faults/inject.c`;
  await promisify(execFile)("gcc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
  const runtime = world.env["XDG_RUNTIME_DIR"] ?? dirname(world.home);
  return {
    async inject({ args, input }, call, harm, occurrence) {
      await writeFile(state, Buffer.alloc(16));
      const result = await world.run(process.execPath, [`${projectRoot}dist/main.js`, ...args], {
        input,
        env: {
          GIT_CREDENTIAL_BITBUCKET_DAEMON: "false",
          LD_PRELOAD: library,
          FAULT_STATE: state,
          FAULT_CALL: call,
          FAULT_AT: String(occurrence),
          FAULT_HARM: harm in constants.errno ? String(errnoOf(harm)) : harm,
          FAULT_BELOW: `${world.home}:${runtime}`,
        },
      });
      return { ...result, happened: (await readFile(state)).readBigUInt64LE(8) === 1n };
    },
  };
}

function errnoOf(harm: Harm): number {
  return constants.errno[harm as keyof typeof constants.errno];
}
