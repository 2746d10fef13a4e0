// Runs the checks: all at once, each within its time, told in the order of the table.
import { setTimeout as sleep } from "node:timers/promises";
import { HelperError } from "../../errors.ts";
import { type Check, failed, type Finding, skipped } from "./check.ts";
import type { DoctorContext } from "./context.ts";

export interface Row extends Finding {
  readonly title: string;
}

type Outcome = readonly Finding[] | HelperError;

const lookCloser = "git credential-bitbucket doctor --verbose";

/**
 * Yields each row as soon as it and all before it are known. Throws only what is a bug.
 * @param unfinished gets the work of the checks that ran out of time.
 */
export async function* runChecks(
  checks: readonly Check[],
  context: DoctorContext,
  unfinished: Promise<unknown>[],
): AsyncGenerator<Row> {
  const started = checks.map((check) => ({ check, outcome: attempt(check, context, unfinished) }));
  // A bug is told when its row comes; until then nobody listens.
  for (const { outcome } of started) outcome.catch(() => {});
  const told = new Set<HelperError>();
  for (const { check, outcome } of started) {
    for (const finding of findingsOf(await outcome, told)) yield { title: check.title, ...finding };
  }
}

/** Several checks need the same: what is wrong with that is told once. */
function findingsOf(outcome: Outcome, told: Set<HelperError>): readonly Finding[] {
  if (!(outcome instanceof HelperError)) return outcome;
  if (told.has(outcome)) return [skipped("it needs what failed above")];
  told.add(outcome);
  return [failed(outcome.message, outcome.hint ?? lookCloser)];
}

async function attempt(
  check: Check,
  context: DoctorContext,
  unfinished: Promise<unknown>[],
): Promise<Outcome> {
  const done = new AbortController();
  const work = findings(check, context);
  const timeOut = async (): Promise<Outcome> => {
    const { limitSeconds, whenSlow } = check;
    await sleep(limitSeconds * 1000, undefined, { signal: done.signal });
    unfinished.push(work);
    return [failed(`it took longer than ${limitSeconds} s`, whenSlow)];
  };
  try {
    return await Promise.race([work, timeOut()]);
  } catch (error) {
    if (error instanceof HelperError) return error;
    throw error;
  } finally {
    done.abort();
  }
}

async function findings({ runChecks }: Check, context: DoctorContext): Promise<readonly Finding[]> {
  return [await runChecks(context)].flat();
}
