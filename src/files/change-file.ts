// A person's file, changed in one step as git changes its own: FILE.lock is made, filled and renamed to FILE, so git waits
// or refuses meanwhile, and a crash leaves the old file whole. api-lockfile of git.
import { type BigIntStats, lstatSync, rmSync } from "node:fs";
import { type FileHandle, mkdir, open, realpath, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";
import { undoneAtSignal } from "./at-signal.ts";
import { closeHandle } from "./close.ts";
import { syncDirectory } from "./files.ts";
import { requireOwnFile } from "./own-place.ts";
import { putInPlace } from "./put-in-place.ts";
import { readRegularFile } from "./regular-file.ts";
import { maxTextBytes } from "./read-text.ts";

/** As long as git's helper `store` waits for its lock. */
const lockPatienceMilliseconds = 1000;

export interface ChangeOptions {
  /** Whether the file may be missing: the change then gets an empty text. */
  readonly mayBeMissing?: boolean;
  /** What helps where the file is mounted by itself, as containers do it, and nothing can take its place. */
  readonly mountedHint?: string;
  /** Told the bytes before anything is written; what it returns is called when nothing is written after all. */
  readonly keep?: (before: string) => Promise<() => Promise<void>>;
}

/**
 * Mode and owner stay. A symbolic link stays a link: its target changes.
 *
 * @param change gets and gives bytes as Latin-1, whatever the encoding; undefined removes the file, or empties it where it
 * lies behind a link. What it throws leaves all as it was.
 * @returns whether something changed.
 * Throws HelperError `system`, with the file whole, when it is locked, cannot be written, belongs to another user, or is
 * changed by a program that knows no locks.
 */
export async function changeFile(
  path: string,
  change: (text: string, isThere: boolean) => string | undefined | Promise<string | undefined>,
  { mayBeMissing = false, keep, mountedHint }: ChangeOptions = {},
): Promise<boolean> {
  const target = await followLinks(path, mayBeMissing);
  requireOwnFile(target);
  const isThere = exists(target);
  const lock = `${target}.lock`;
  const file = await openLock(target, lock, isThere);
  let isLockOurs = true;
  const dropLock = (): void => {
    if (isLockOurs) rmSync(lock, { force: true });
    isLockOurs = false;
  };
  return await undoneAtSignal(
    () => quietly(dropLock),
    async () => {
      let undo: (() => Promise<void>) | undefined;
      try {
        const found = readIfThere(target, mayBeMissing);
        const before = found ?? "";
        const after = await change(before, found !== undefined);
        if (after === before || (after ?? found) === undefined) return false;
        undo = await keep?.(before);
        await file.writeFile(Buffer.from(after ?? "", "latin1"));
        if (isThere) await keepOwner(file, await stat(target, { bigint: true }), target);
        await file.sync();
        if (readIfThere(target, mayBeMissing) !== found) throw changedMeanwhile(target);
        if (after === undefined && !isLink(path)) await unlink(target);
        else {
          await putInPlace(lock, target).catch((error: unknown) => {
            throw asBusy(target, error, mountedHint);
          });
          // From here on a lock of that name is another program's.
          isLockOurs = false;
        }
        await syncDirectory(dirname(target));
        return true;
      } catch (error) {
        // What went wrong before counts.
        await undo?.().catch(() => {});
        throw asSystemError("write", target, error);
      } finally {
        await closeHandle(file);
        quietly(dropLock);
      }
    },
  );
}

function quietly(step: () => void): void {
  try {
    step();
  } catch {
    // What went wrong before counts.
  }
}

/** People keep ~/.gitconfig as a link into a repository of theirs. */
async function followLinks(path: string, mayBeMissing: boolean): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link into nothing is there.
    if (mayBeMissing && code === "ENOENT" && !exists(path)) return path;
    throw asSystemError("read", path, error);
  }
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw asSystemError("read", path, error);
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** @returns the bytes as Latin-1. Throws HelperError `system`, also when there is no such file. */
export function readThere(path: string): string {
  const text = readIfThere(path, true);
  if (text !== undefined) return text;
  throw new HelperError("system", `cannot read ${path} (ENOENT)`, {
    hint: `ls -ld ${shellWord(path)}`,
  });
}

function readIfThere(path: string, mayBeMissing: boolean): string | undefined {
  if (!mayBeMissing) return readThere(path);
  return readRegularFile(path, maxTextBytes, { own: true })?.toString("latin1");
}

function asBusy(path: string, error: unknown, hint = `findmnt ${shellWord(path)}`): unknown {
  if ((error as NodeJS.ErrnoException).code !== "EBUSY") return error;
  const why = process.platform === "win32" ? "is open in another program" : "is mounted by itself";
  return new HelperError("system", `${path} ${why}, so it cannot be replaced`, {
    hint,
    cause: error,
  });
}

function changedMeanwhile(path: string): HelperError {
  return new HelperError("system", `another program has just changed ${path}`, {
    hint: `ls -ld ${shellWord(path)}`,
  });
}

async function openLock(path: string, lock: string, isThere: boolean): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
    throw asSystemError("write", path, error);
  });
  const end = performance.now() + lockPatienceMilliseconds;
  for (;;) {
    try {
      // 0600 until it has its bytes: they may be secrets of other hosts. A new file gets the usual mode.
      return await open(lock, "wx", isThere ? 0o600 : 0o666);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST")
        throw asSystemError("write", path, error);
      if (performance.now() < end) {
        await sleep(20);
        continue;
      }
      // Without a comment behind the command: zsh at a terminal has none, and would remove files of these names.
      throw new HelperError(
        "system",
        `another program is changing ${path}; if no git runs, its lock was left behind`,
        { hint: `rm ${shellWord(lock)}`, cause: error },
      );
    }
  }
}

async function keepOwner(
  file: FileHandle,
  { uid, gid, mode }: BigIntStats,
  path: string,
): Promise<void> {
  const own = await file.stat({ bigint: true });
  if (own.uid !== uid || own.gid !== gid) {
    await file.chown(Number(uid), Number(gid)).catch((error: unknown) => {
      throw new HelperError("system", `${path} would change its owner, so it is not written`, {
        hint: `ls -l ${shellWord(path)}`,
        cause: error,
      });
    });
  }
  // After chown, which takes bits away.
  await file.chmod(Number(mode & 0o7777n));
}

/** @returns the error as HelperError `system`, where the system made it. */
export function asSystemError(verb: string, path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof HelperError || code === undefined) return error;
  return new HelperError("system", `cannot ${verb} ${path} (${code})`, {
    hint: `ls -ld ${shellWord(path)}`,
    cause: error,
  });
}
