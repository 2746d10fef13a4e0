// daemon lock and unlock: the state on disk first, which everything of ours honours, then what daemons hold in memory.
import { type Address, findEveryAddress } from "../../daemon/address.ts";
import type { DaemonStatus } from "../../daemon/answer-helper.ts";
import { awaitStart, endDaemon, findDaemon } from "../../daemon/ending.ts";
import { readStatus } from "../../daemon/takeover.ts";
import { type Talk, talk } from "../../daemon/talk.ts";
import { type DaemonOperation, formatQuestion } from "../../daemon/wire.ts";
import { HelperError } from "../../errors.ts";
import type { Outside } from "../../outside.ts";
import { lockPlace, lockSecrets, unlockCommand, unlockSecrets } from "../../secrets/lock.ts";

const answerMilliseconds = 2000;

/** Whatever becomes of the lock itself, what is in memory is forgotten. */
export async function lock(outside: Outside): Promise<number> {
  const failure = await lockSecrets(lockPlace(outside)).catch((error: unknown) => error);
  for (const address of await addresses(outside)) {
    await forget(address, failure === undefined ? "lock" : "forget");
  }
  if (failure instanceof HelperError) {
    throw new HelperError(failure.code, `secrets are not locked: ${failure.message}`, {
      hint: failure.hint,
      cause: failure,
    });
  }
  if (failure !== undefined) throw failure;
  outside.stdout.write(
    `locked: secrets are forgotten, and none is given out until: ${unlockCommand}\n`,
  );
  return 0;
}

export async function unlock(outside: Outside): Promise<number> {
  let wasLocked = await unlockSecrets(lockPlace(outside));
  for (const address of await addresses(outside)) {
    const status = statusOf(await findDaemon(address));
    if (status?.locked !== true || !locksItself(status)) continue;
    await tell(address, "unlock");
    wasLocked = true;
  }
  outside.stdout.write(wasLocked ? "unlocked\n" : "nothing is locked\n");
  return 0;
}

async function addresses({ env, platform }: Outside): Promise<readonly Address[]> {
  return platform === "win32" ? [] : await findEveryAddress(env, platform);
}

/**
 * Resolves when no daemon there holds a secret: a start that is under way may bring one. Who does not answer is ended.
 * @param order what to tell a daemon that keeps its lock in memory.
 */
async function forget(address: Address, order: "lock" | "forget"): Promise<void> {
  await awaitStart(address);
  const found = await findDaemon(address);
  if (found === undefined) return;
  const status = statusOf(found);
  const hasForgotten =
    status !== undefined && (await tell(address, locksItself(status) ? order : "forget"));
  if (!hasForgotten) await endDaemon(address);
}

/** Whether it is of a version whose lock is not on disk. */
function locksItself(status: DaemonStatus): boolean {
  return status.data === undefined;
}

function statusOf(found: Talk | undefined): DaemonStatus | undefined {
  return found?.outcome === "answered" ? readStatus(found.answer) : undefined;
}

/** @returns whether it has done it. */
async function tell(address: Address, order: DaemonOperation): Promise<boolean> {
  const said = await talk(address.socket, formatQuestion(order, []), answerMilliseconds);
  return said.outcome === "answered" && said.answer.word === "done";
}
