// One process at a time, also when the holder is killed.
// Node has no flock, and a lock file cannot be stolen safely: between "its owner is dead" and "unlink it", another may
// have stolen it already and hold it. So the lock is a directory with one entry, named after its owner:
//   take     rename a prepared directory onto it; rename(2) refuses when it is not empty
//   release  unlink the own entry, by its name
//   steal    unlink the dead owner's entry, by its name: whoever came first, nobody else's entry has that name
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { makePrivateDirectory } from "./files.ts";
import { removeLeftovers } from "./leftovers.ts";
import { foreignOwner } from "./own-place.ts";
import { ownerName, ownerPid, ownerState } from "./owner.ts";

/** A holder that cannot be proved alive or dead loses the lock after this: ours hold it for milliseconds. */
const unknownOwnerLimitMilliseconds = 60_000;
const pauseMilliseconds = { least: 2, most: 20 };

/**
 * Runs fn while no other process runs one under the same path; the folder of path is made when missing.
 * Not reentrant. Throws HelperError `system` when a living process holds it for waitMilliseconds.
 */
export async function withLock<T>(
  path: string,
  fn: () => Promise<T>,
  waitMilliseconds = 10_000,
): Promise<T> {
  const name = ownerName();
  await take(path, name, waitMilliseconds);
  try {
    return await fn();
  } finally {
    await release(path, name);
  }
}

async function take(path: string, name: string, waitMilliseconds: number): Promise<void> {
  const prepared = `${path}.${name}`;
  await prepare(prepared, name);
  try {
    const end = performance.now() + waitMilliseconds;
    while (!(await rename(prepared, path).then(() => true, isOccupied))) {
      const holder = await dropDeadHolder(path, join(prepared, name));
      // What seems free gets a second more: it is, unless a system refuses the rename for reasons of its own.
      const limit = holder === undefined ? end + 1000 : end;
      if (performance.now() >= limit) throw occupied(path, holder, waitMilliseconds);
      if (holder === undefined) continue;
      await sleep(
        pauseMilliseconds.least +
          Math.random() * (pauseMilliseconds.most - pauseMilliseconds.least),
      );
    }
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    throw error instanceof HelperError ? error : unusable(path, error);
  }
  await removeLeftovers(dirname(path), `${basename(path)}.`);
}

async function prepare(prepared: string, name: string): Promise<void> {
  await makePrivateDirectory(dirname(prepared));
  try {
    await mkdir(prepared, { mode: 0o700 });
    await (await open(join(prepared, name), "wx", 0o600)).close();
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    throw unusable(prepared, error);
  }
}

function isOccupied(error: NodeJS.ErrnoException): false {
  if (error.code === "ENOTEMPTY" || error.code === "EEXIST") return false;
  // Windows says so of any directory in the way, also an empty one: dropDeadHolder removes that.
  if (error.code === "EPERM" && process.platform === "win32") return false;
  throw error;
}

/** @returns the holder's entry, or undefined when the lock may be free by now. */
async function dropDeadHolder(path: string, ownEntry: string): Promise<string | undefined> {
  const [holder] = await readdir(path).catch(ignoreMissing);
  if (holder === undefined) {
    await rmdir(path).catch(ignore);
    return undefined;
  }
  const entry = join(path, holder);
  const state = ownerState(holder);
  if (state === "alive") return holder;
  if (state !== "gone" && (await ageAgainst(entry, ownEntry)) < unknownOwnerLimitMilliseconds) {
    return holder;
  }
  await unlink(entry).catch(ignoreMissing);
  return undefined;
}

/** Both times come from the clock of the file system, which may be another machine's. */
async function ageAgainst(entry: string, fresh: string): Promise<number> {
  const [held, own] = await Promise.all([stat(entry).catch(ignoreMissing), stat(fresh)]);
  if (!("mtimeMs" in held)) return 0;
  return own.mtimeMs - held.mtimeMs;
}

async function release(path: string, name: string): Promise<void> {
  await unlink(join(path, name)).catch(ignoreMissing);
  await rmdir(path).catch(ignore);
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
    "system",
    `${who} has held the lock ${path} for more than ${waited / 1000} s`,
    { hint: pid === undefined ? `ls -l ${shellWord(path)}` : `ps -fp ${pid}` },
  );
}

function ignoreMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}

function ignore(): void {}
