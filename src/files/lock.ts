// One process at a time, also when the holder is killed.
// Node has no flock, and a lock file cannot be stolen safely: between "its owner is dead" and "unlink it", another may
// have stolen it already and hold it. So the lock is a directory with one entry, named after its owner:
//   take     rename a prepared directory onto it; rename(2) refuses when it is not empty
//   release  unlink the own entry, by its name
//   steal    unlink the dead owner's entry, by its name: whoever came first, nobody else's entry has that name
import {
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { closeQuietly } from "./close.ts";
import { makePrivateDirectory } from "./files.ts";
import { removeLeftovers } from "./leftovers.ts";
import { foreignOwner } from "./own-place.ts";
import { ownerName, ownerPid, ownerState } from "./owner.ts";

/** A holder that cannot be proved alive or dead loses the lock after this: ours hold it for milliseconds. */
const unknownOwnerLimitMilliseconds = 60_000;
/** All who wait look together this often, however many they are: so they do not slow the holder down. */
const lookEveryMilliseconds = 3;
const longestPauseMilliseconds = 500;

/**
 * Runs fn while no other process runs one under the same path; the folder of path is made when missing.
 * Not reentrant.
 *
 * @param holderMilliseconds how long one and the same holder is waited for.
 * @param allMilliseconds how long all of them together are: while they change, the machine makes progress.
 * Throws HelperError `busy` when it is not had until then, and `system` when there can be none.
 */
export async function withLock<T>(
  path: string,
  fn: () => T | Promise<T>,
  holderMilliseconds = 10_000,
  allMilliseconds = 12 * holderMilliseconds,
): Promise<T> {
  const name = ownerName();
  await makePrivateDirectory(dirname(path));
  const isAlone = await take(path, name, holderMilliseconds, allMilliseconds);
  try {
    return await fn();
  } finally {
    release(path, name);
    // Not under the lock, and not while others wait: they would be looked at one by one.
    if (isAlone) removeLeftovers(dirname(path), `${basename(path)}.`);
  }
}

// Without a turn of the event loop between the steps: on a busy machine each one waits for all other processes.

/** @returns whether nobody else held it. */
async function take(
  path: string,
  name: string,
  holderMilliseconds: number,
  allMilliseconds: number,
): Promise<boolean> {
  const prepared = `${path}.${name}`;
  try {
    mkdirSync(prepared, { mode: 0o700 });
    closeQuietly(openSync(join(prepared, name), "wx", 0o600));
    if (renameFree(prepared, path)) return true;
    await wait(path, join(prepared, name), holderMilliseconds, allMilliseconds);
    return false;
  } catch (error) {
    removePrepared(prepared);
    throw error instanceof HelperError ? error : unusable(path, error);
  }
}

async function wait(
  path: string,
  ownEntry: string,
  holderMilliseconds: number,
  allMilliseconds: number,
): Promise<void> {
  const start = performance.now();
  let since = start;
  let former: string | undefined;
  do {
    const now = performance.now();
    const holder = dropDeadHolder(path, ownEntry);
    const seen = holder ?? `free ${changeOf(path)}`;
    if (former !== undefined && former !== seen) since = now;
    former = seen;
    if (holder === undefined) {
      // It is free, unless a system refuses the rename for reasons of its own.
      if (now - since >= holderMilliseconds + 1000) throw occupied(path, holder, now - since);
      continue;
    }
    if (now - since >= holderMilliseconds) throw occupied(path, holder, holderMilliseconds);
    if (now - start >= allMilliseconds)
      throw since === start
        ? occupied(path, holder, allMilliseconds)
        : crowded(path, allMilliseconds);
    await sleep(pauseFor(path));
  } while (!renameFree(dirname(ownEntry), path));
}

/** @returns something else after each time that somebody had the lock: whoever always comes when it is free loses races. */
function changeOf(path: string): string {
  const found = ifThere(() => statSync(path, { bigint: true }));
  const { ino, mtimeNs } = found ?? statSync(dirname(path), { bigint: true });
  return `${ino} ${mtimeNs}`;
}

/** @returns milliseconds, by chance, so that those who wait do not look all at once. */
function pauseFor(path: string): number {
  const start = `${basename(path)}.`;
  const waiting = readdirSync(dirname(path)).filter((file) => file.startsWith(start)).length;
  const pause = (0.5 + Math.random()) * lookEveryMilliseconds * waiting;
  return Math.min(pause, longestPauseMilliseconds);
}

/** @returns false when it is held. */
function renameFree(prepared: string, path: string): boolean {
  try {
    renameSync(prepared, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    // Windows says so of any directory in the way, also an empty one: dropDeadHolder removes that.
    if (code === "EPERM" && process.platform === "win32") return false;
    throw error;
  }
}

/** @returns the holder's entry, or undefined when the lock may be free by now. */
function dropDeadHolder(path: string, ownEntry: string): string | undefined {
  const [holder] = ifThere(() => readdirSync(path)) ?? [];
  if (holder === undefined) {
    quietly(() => rmdirSync(path));
    return undefined;
  }
  const entry = join(path, holder);
  const state = ownerState(holder);
  if (state === "alive") return holder;
  if (state !== "gone" && ageAgainst(entry, ownEntry) < unknownOwnerLimitMilliseconds)
    return holder;
  ifThere(() => unlinkSync(entry));
  return undefined;
}

/** Both times come from the clock of the file system, which may be another machine's. */
function ageAgainst(entry: string, fresh: string): number {
  const held = ifThere(() => statSync(entry));
  return held === undefined ? 0 : statSync(fresh).mtimeMs - held.mtimeMs;
}

/** What was done under the lock is done: an entry that stays is a dead process's soon. */
function release(path: string, name: string): void {
  quietly(() => unlinkSync(join(path, name)));
  quietly(() => rmdirSync(path));
}

function removePrepared(prepared: string): void {
  quietly(() => rmSync(prepared, { recursive: true, force: true }));
}

function unusable(path: string, error: unknown): HelperError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown";
  // One that root left keeps everybody else out.
  const owned = code === "EACCES" || code === "EPERM" ? foreignOwner(path) : undefined;
  if (owned !== undefined) return owned;
  return new HelperError("system", `cannot use the lock ${path} (${code})`, {
    hint: `ls -ld ${shellWord(dirname(path))}`,
    cause: error,
  });
}

function occupied(path: string, holder: string | undefined, waited: number): HelperError {
  const pid = holder === undefined ? undefined : ownerPid(holder);
  const who = pid === undefined ? "something unknown" : `process ${pid}`;
  return new HelperError(
    "busy",
    `${who} has held the lock ${path} for more than ${Math.floor(waited) / 1000} s`,
    { hint: pid === undefined ? `ls -l ${shellWord(path)}` : `ps -fp ${pid}` },
  );
}

function crowded(path: string, waited: number): HelperError {
  return new HelperError(
    "busy",
    `others have held the lock ${path}, one after the other, for more than ${waited / 1000} s`,
    { hint: `ls -ld ${shellWord(`${path}.`)}*` },
  );
}

function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // It changes nothing about what was done.
  }
}
