// The end of a daemon from outside: of the one that answers, of one that is stopped, and of one that is only starting.
import { setTimeout as sleep } from "node:timers/promises";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { exists } from "../files/owner.ts";
import type { Address } from "./address.ts";
import { endSlowStart, findStart } from "./start-mark.ts";
import { endStopped, readStatus } from "./takeover.ts";
import { type Talk, talk } from "./talk.ts";
import { formatQuestion, goodbye } from "./wire.ts";

const answerMilliseconds = 2000;
const leaveMilliseconds = 3000;
const pauseMilliseconds = 10;
/** Of the starts that go on while others end: whoever keeps starting daemons shall have them. */
const rounds = 3;

/**
 * Ends whatever daemon there is, and those whose start began before this was called.
 * @returns whether there was one. Throws HelperError `system` when one cannot be ended.
 */
export async function endDaemon(address: Address): Promise<boolean> {
  let hasEnded = false;
  for (let round = 0; round < rounds; round += 1) {
    await awaitStart(address);
    const found = await findDaemon(address);
    if (found === undefined) return hasEnded;
    await end(found, address);
    hasEnded = true;
  }
  return hasEnded;
}

/** Resolves when no start is under way any more: its daemon answers, or has ended, or is ended here as it takes too long. */
export async function awaitStart(address: Address): Promise<void> {
  for (;;) {
    const start = findStart(address);
    if (start === undefined) {
      endSlowStart(address);
      return;
    }
    // Its mark may outlast its start for a moment.
    const found = start.pid === undefined ? undefined : await findDaemon(address);
    if (found?.outcome === "answered" && readStatus(found.answer)?.pid === start.pid) return;
    await sleep(pauseMilliseconds);
  }
}

/** @returns what came of asking the daemon for its status; undefined when none is there. Throws HelperError `system`. */
export async function findDaemon(address: Address): Promise<Talk | undefined> {
  const found = await talk(address.socket, formatQuestion("status", []), answerMilliseconds);
  if (found.outcome === "absent" || found.outcome === "stale") return undefined;
  if (found.outcome !== "failed") return found;
  throw new HelperError("system", `the daemon's socket cannot be used (${found.code})`, {
    hint: `ls -l ${shellWord(address.socket)}`,
  });
}

async function end(found: Talk, address: Address): Promise<void> {
  const pid = found.outcome === "answered" ? readStatus(found.answer)?.pid : undefined;
  const said =
    found.outcome === "stuck"
      ? found.outcome
      : (await talk(address.socket, goodbye, leaveMilliseconds)).outcome;
  const isGone = async () =>
    pid === undefined ? (await findDaemon(address))?.outcome !== "stuck" : !exists(pid);
  if (said !== "stuck" && (await isSoon(isGone))) return;
  await endStopped(address);
  // A pid from another container means nothing here, and one whose parent does not wait for it stays.
  if ((await isSoon(isGone)) || (await findDaemon(address)) === undefined) return;
  throw new HelperError("system", "the daemon does not answer, and cannot be ended", {
    hint: `fuser -k ${shellWord(address.socket)}`,
  });
}

/** @returns whether it comes true in the time that a daemon takes to leave. */
async function isSoon(test: () => Promise<boolean>): Promise<boolean> {
  const limit = performance.now() + leaveMilliseconds;
  while (performance.now() < limit) {
    if (await test()) return true;
    await sleep(pauseMilliseconds);
  }
  return false;
}
