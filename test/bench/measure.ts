// Two things measured alternately in the same run: what else the machine does meets both alike.
import { type LeanParent, openLeanParent } from "./lean-parent.ts";

export interface Candidate {
  /** Program and arguments; no shell between. */
  readonly command: readonly [string, ...string[]];
  readonly input: string;
  readonly env: Readonly<Record<string, string>>;
  /** What stdout has to be, so that nothing fast and wrong is measured. */
  readonly expected: (stdout: string) => boolean;
}

/** Milliseconds: medians of the times. */
export interface Pair {
  readonly one: number;
  readonly other: number;
  readonly ratio: number;
  /** The same of processor time, which what else the machine does meets less. Of daemons it counts nothing. */
  readonly processorRatio: number;
}

const warmUps = 10;

/** @param count how often each is measured. Throws when an answer is wrong. */
export async function measurePair(one: Candidate, other: Candidate, count: number): Promise<Pair> {
  const parents = [one, other].map(({ command, input, env }) =>
    openLeanParent(command, input, env),
  ) as [LeanParent, LeanParent];
  try {
    return await measureInTurns([one, other], parents, count);
  } finally {
    for (const parent of parents) await parent.close();
  }
}

async function measureInTurns(
  candidates: readonly [Candidate, Candidate],
  parents: readonly [LeanParent, LeanParent],
  count: number,
): Promise<Pair> {
  const times: [number[], number[]] = [[], []];
  for (let round = -warmUps; round < count; round += 1) {
    // Whoever comes second finds caches warm: so they take turns at it.
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const index of order) {
      const time = await measure(candidates[index], parents[index]);
      if (round >= 0) times[index].push(time);
    }
  }
  const [left, right] = [median(times[0]), median(times[1])];
  const processor = [await parents[0].close(), await parents[1].close()] as const;
  return {
    one: left,
    other: right,
    ratio: left / right,
    processorRatio: processor[0] / processor[1],
  };
}

async function measure({ command, expected }: Candidate, parent: LeanParent): Promise<number> {
  const { stdout, milliseconds } = await parent.run();
  if (!expected(stdout)) throw new Error(`wrong answer of ${command[0]}: ${stdout}`);
  return milliseconds;
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
