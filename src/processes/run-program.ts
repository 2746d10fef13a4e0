// Runs a program of the person's to its end: without a shell, within a time, and all of it is ended, what it started included.
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { undoneAtSignal } from "../files/at-signal.ts";
import { emptyCores } from "./cores.ts";
import { closeInheritedDescriptors } from "./inherited-descriptors.ts";

export interface ProgramOptions {
  /** All of its environment; never a secret. */
  readonly env: NodeJS.ProcessEnv;
  /** Given to it and nothing else; may hold secrets. Default: nothing to read. */
  readonly stdin?: string | undefined;
  readonly limitMilliseconds: number;
  /** Of each of its streams; the rest is not read. Default: 1 MiB. */
  readonly mostBytes?: number | undefined;
}

export interface ProgramEnd {
  /** `late`: it was ended at its limit. `unstarted`: there is nothing that could run. */
  readonly how: "exit" | "late" | "unstarted";
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** May hold secrets. */
  readonly stdout: Buffer;
  /** May hold secrets. */
  readonly stderr: Buffer;
}

const usualMostBytes = 1 << 20;
/** What a program leaves running may hold its streams open for ever. */
const drainMilliseconds = 500;

/** @param command absolute path and arguments; never a secret. Never rejects because of the program. */
export async function runProgram(
  command: readonly string[],
  options: ProgramOptions,
): Promise<ProgramEnd> {
  closeInheritedDescriptors(process.platform);
  emptyCores(process.platform);
  const [program = "", ...args] = command;
  const { env, stdin = "", limitMilliseconds, mostBytes = usualMostBytes } = options;
  const isGroup = process.platform !== "win32";
  // A group of its own: ending a script alone would leave what it waits for.
  const child = spawn(program, args, { env, cwd: "/", detached: isGroup, windowsHide: true });
  const end = (): void => endAll(child.pid, isGroup);
  const happens = (event: string): Promise<void> =>
    new Promise((resolve) => child.once(event, () => resolve()));
  // Before anything is waited for: a short program has ended by then.
  const [exited, closed] = [happens("exit"), happens("close")];
  const [stdout, stderr] = [child.stdout, child.stderr].map((from) => collect(from, mostBytes));
  const output = (): Pick<ProgramEnd, "stdout" | "stderr"> => ({
    stdout: Buffer.concat(stdout ?? []),
    stderr: Buffer.concat(stderr ?? []),
  });
  const isStarted = happens("spawn").then(() => true);
  if (!(await Promise.race([isStarted, happens("error").then(() => false)])))
    return { how: "unstarted", exitCode: null, ...output() };
  child.on("error", () => {});
  // It may end without having read all.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  return await undoneAtSignal(end, async () => {
    const isLate = !(await within(limitMilliseconds, exited));
    if (isLate) end();
    await within(drainMilliseconds, closed);
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    return { how: isLate ? "late" : "exit", exitCode: child.exitCode, ...output() };
  });
}

function endAll(pid: number | undefined, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, "SIGKILL");
  } catch {
    // It has just ended.
  }
}

function collect(from: Readable, mostBytes: number): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let bytes = 0;
  from.on("error", () => {});
  from.on("data", (piece: Buffer) => {
    if (bytes < mostBytes) pieces.push(piece.subarray(0, mostBytes - bytes));
    bytes += piece.length;
  });
  return pieces;
}

/** @returns whether it happened in time. */
async function within(milliseconds: number, event: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(milliseconds, false, { signal: timer.signal }).catch(() => false);
  try {
    return await Promise.race([event.then(() => true), late]);
  } finally {
    timer.abort();
  }
}
