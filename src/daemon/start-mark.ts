// That a daemon is starting: one for fifty who need it, and so that `stop` and `lock` see one that has no socket yet. The
// mark names the process, so that what a killed one left is known at once.
import { lstatSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { unlink, writeFile } from "node:fs/promises";
import { withLock } from "../files/lock.ts";
import { ownerName, ownerPid, ownerState } from "../files/owner.ts";
import type { Address } from "./address.ts";

/** A start takes a tenth of this; a mark that is older counts no more, whoever is behind it. */
const startMilliseconds = 10_000;
const lockMilliseconds = 1000;

/** @returns false when another start is under way, or the mark cannot be written: then none begins. */
export async function markStart(address: Address): Promise<boolean> {
  for (const attempt of [1, 2]) {
    try {
      await writeFile(address.starting, ownerName(), { flag: "wx", mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
      if (attempt === 2 || findStart(address) !== undefined) return false;
      if (!(await dropDeadMark(address))) return false;
    }
  }
  return false;
}

/** Under the lock: of two that find a dead one, the second would else take away the mark of the first. */
async function dropDeadMark(address: Address): Promise<boolean> {
  try {
    await withLock(
      address.lock,
      async () => {
        if (findStart(address) === undefined) await unlink(address.starting);
      },
      lockMilliseconds,
    );
    return true;
  } catch {
    return false;
  }
}

/**
 * Hands the mark on to the process that was started: who started it ends before that one is up. Nothing comes between the
 * steps but other processes, so that the daemon, which takes the mark away when it is up, rarely comes first.
 * @param pid undefined when nothing was started.
 */
export function handOnStart(address: Address, pid: number | undefined): void {
  const temporary = `${address.starting}.${ownerName()}`;
  try {
    if (ownerPid(readMark(address)) !== String(process.pid)) return;
    if (pid === undefined) {
      unlinkSync(address.starting);
      return;
    }
    writeFileSync(temporary, ownerName(pid), { flag: "wx", mode: 0o600 });
    renameSync(temporary, address.starting);
  } catch {
    // It is up already, or the disk is full: then a start that nobody sees is under way for a moment.
    rmSync(temporary, { force: true });
  }
}

/** The daemon says that it is up, or that it will not be. Its starter may not have handed the mark on yet. */
export async function unmarkStart(address: Address): Promise<void> {
  const pid = ownerPid(readMark(address));
  if (pid === String(process.pid) || pid === String(process.ppid))
    await unlink(address.starting).catch(() => {});
}

/** @returns what the mark says; nothing when it is no file, which reading could wait for. */
function readMark({ starting }: Address): string {
  try {
    return lstatSync(starting).isFile() ? readFileSync(starting, "latin1") : "";
  } catch {
    return "";
  }
}

/** Ends a process whose start takes too long: it has been stopped, and would come up with its secret one day. */
export function endSlowStart(address: Address): void {
  const mark = readMark(address);
  if (findStart(address) !== undefined || ownerState(mark) !== "alive") return;
  try {
    process.kill(Number(ownerPid(mark)), "SIGKILL");
  } catch {
    // Gone by itself meanwhile.
  }
}

export interface Start {
  /** Undefined while it is not known: the mark is only just being written, or from another container. */
  readonly pid: number | undefined;
}

/** @returns the start that is under way; undefined when there is none, or its process has gone or takes too long. */
export function findStart(address: Address): Start | undefined {
  const age = ageOf(address);
  const mark = readMark(address);
  if (age === undefined || age > startMilliseconds || ownerState(mark) === "gone") return undefined;
  const pid = ownerPid(mark);
  return { pid: pid === undefined ? undefined : Number(pid) };
}

/** @returns milliseconds; undefined for what is not there, or no file: nobody who starts a daemon made that. */
function ageOf({ starting }: Address): number | undefined {
  try {
    const found = lstatSync(starting);
    // The clock may have been set back.
    return found.isFile() ? Math.abs(Date.now() - found.mtimeMs) : undefined;
  } catch {
    return undefined;
  }
}
