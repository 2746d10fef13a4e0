// Two things measured alternately in the same run: what else the machine does meets both alike.
import { spawn } from "node:child_process";

export interface Candidate {
  /** Program and arguments; no shell between. */
  readonly command: readonly [string, ...string[]];
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
  /** What stdout has to be, so that nothing fast and wrong is measured. */
  readonly expected: (stdout: string) => boolean;
  /** Runs before each measurement and is not measured. */
  readonly before?: () => Promise<unknown>;
}

/** Milliseconds, medians. */
export interface Pair {
  readonly one: number;
  readonly other: number;
  readonly ratio: number;
}

const warmUps = 10;

/** @param count how often each is measured. Throws when an answer is wrong. */
export async function measurePair(one: Candidate, other: Candidate, count: number): Promise<Pair> {
  const times: [number[], number[]] = [[], []];
  for (let round = -warmUps; round < count; round += 1) {
    // Whoever comes second finds caches warm: so they take turns at it.
    const order = round % 2 === 0 ? [0, 1] : [1, 0];
    for (const index of order) {
      const time = await measure(index === 0 ? one : other);
      if (round >= 0) times[index === 0 ? 0 : 1].push(time);
    }
  }
  const [left, right] = [median(times[0]), median(times[1])];
  return { one: left, other: right, ratio: left / right };
}

/** From the start of the process until it has ended and its output is read. */
async function measure(candidate: Candidate): Promise<number> {
  await candidate.before?.();
  const begun = performance.now();
  const [program, ...args] = candidate.command;
  const child = spawn(program, args, {
    env: candidate.env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => {});
  child.stdin.end(candidate.input);
  const pieces: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  await new Promise((resolve) => child.once("close", resolve));
  const time = performance.now() - begun;
  const stdout = Buffer.concat(pieces).toString("utf8");
  if (!candidate.expected(stdout)) throw new Error(`wrong answer of ${program}: ${stdout}`);
  return time;
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
