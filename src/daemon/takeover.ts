// Getting the socket's path for oneself: from nobody, from a dead daemon's file, an older version, git's own daemon, or
// one that is stopped. Unlinking and listening over a living one would lose: when it leaves, it unlinks our socket
// (docs/git.md, "Git's own client of a socket"). All under the lock of the address.
import { HelperError } from "../errors.ts";
import { parseAttributes } from "../protocol/attributes.ts";
import { ownerPid, ownerState } from "../files/owner.ts";
import { readRegularFile } from "../files/regular-file.ts";
import { version } from "../version.ts";
import type { Address } from "./address.ts";
import type { DaemonStatus } from "./answer-helper.ts";
import { talk } from "./talk.ts";
import { isOlder } from "./version-order.ts";
import { type Answer, formatQuestion, goodbye } from "./wire.ts";

const longestOwnerBytes = 1000;
const probeMilliseconds = 1000;
const goodbyeMilliseconds = 3000;

/** @returns whether a daemon that is as good as this one answers there already; else the path may be taken. */
export async function makeWay(address: Address): Promise<boolean> {
  const found = await talk(address.socket, formatQuestion("status", []), probeMilliseconds);
  switch (found.outcome) {
    case "answered":
      if (isAsGood(found.answer)) return true;
      await sayGoodbye(address);
      return false;
    case "foreign":
      await sayGoodbye(address);
      return false;
    case "stuck":
      await endStopped(address);
      return false;
    case "stale":
    case "absent":
    case "failed":
      return false;
  }
}

/** @returns what a daemon says of itself; undefined for another version's words. */
export function readStatus(answer: Answer): DaemonStatus | undefined {
  try {
    const text = parseAttributes(answer.attributes).text("status");
    return text === undefined ? undefined : (JSON.parse(text) as DaemonStatus);
  } catch {
    return undefined;
  }
}

/** Ends the process behind a socket that does not answer, when it is certain which one that is. */
export async function endStopped(address: Address): Promise<void> {
  const owner = readOwner(address);
  const pid = ownerPid(owner);
  if (pid === undefined || ownerState(owner) !== "alive") return;
  try {
    // A stopped process does not see a gentler signal.
    process.kill(Number(pid), "SIGKILL");
  } catch {
    // Gone by itself meanwhile.
  }
}

function readOwner(address: Address): string {
  try {
    return readRegularFile(address.owner, longestOwnerBytes, { own: true })?.toString("utf8") ?? "";
  } catch (error) {
    if (error instanceof HelperError) return "";
    throw error;
  }
}

function isAsGood(answer: Answer): boolean {
  const status = readStatus(answer);
  return status !== undefined && isCurrent(status);
}

/** Whether that daemon is of this version or a later one. */
export function isCurrent(status: DaemonStatus): boolean {
  return !isOlder(status.version, version);
}

/** The other side closes when it is about to be gone. */
async function sayGoodbye(address: Address): Promise<void> {
  await talk(address.socket, goodbye, goodbyeMilliseconds);
}
