// Starts a program again and again from a small sh, as git or a shell would: a Node that forks takes 1 to 3 ms, on both sides
// of a pair, and so makes the slower of two small programs look better than it is.
import { type ChildProcess, spawn } from "node:child_process";

/** What the parent prints when the program has ended. No program prints a control character. */
const ended = "\u0004";

// The here-document is a pipe, as git has it, and no process. The shell's `times` count the programs that have ended.
const loop = `input=$LEAN_PARENT_INPUT; unset LEAN_PARENT_INPUT
while read -r go; do "$@" <<END
$input
END
printf '\\004'; done; times`;

export interface LeanParent {
  /** @returns what the program printed, and the milliseconds from its start until it had ended. */
  run(): Promise<{ readonly stdout: string; readonly milliseconds: number }>;
  /** @returns milliseconds of processor time, user and system, of all runs and what they waited for. */
  close(): Promise<number>;
}

/**
 * @param command program and arguments; no shell between.
 * @param input for each run; ends with a line feed, or is empty.
 */
export function openLeanParent(
  command: readonly string[],
  input: string,
  env: Readonly<Record<string, string>>,
): LeanParent {
  const child = spawn("/bin/sh", ["-c", loop, "sh", ...command], {
    env: { ...env, LEAN_PARENT_INPUT: input.replace(/\n$/u, "") },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const read = collect(child);
  return {
    async run() {
      const begun = performance.now();
      child.stdin?.write("\n");
      const stdout = await read();
      return { stdout, milliseconds: performance.now() - begun };
    },
    async close() {
      child.stdin?.end();
      return processorTime(await read());
    },
  };
}

/** @returns what reads up to the next mark, or to the end. */
function collect(child: ChildProcess): () => Promise<string> {
  let text = "";
  let hasEnded = false;
  let look: (() => void) | undefined;
  child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    look?.();
  });
  child.once("close", () => {
    hasEnded = true;
    look?.();
  });
  return () =>
    new Promise((resolve) => {
      look = () => {
        const [whole = ""] = text.split(ended, 1);
        if (!hasEnded && whole.length === text.length) return;
        text = text.slice(whole.length + ended.length);
        look = undefined;
        resolve(whole);
      };
      look();
    });
}

/** times, in POSIX: of the shell in the first line, of its children in the second. */
function processorTime(times: string): number {
  const [, children = ""] = times.split("\n");
  const parts = [...children.matchAll(/(\d+)m(\d+(?:\.\d+)?)s/gu)];
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  );
}
