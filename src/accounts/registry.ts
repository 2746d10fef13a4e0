// The accounts file: read, locked, written atomically, versioned. docs/design.md, "Accounts and their choice".
import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { HelperError } from "../errors.ts";
import { writeFileAtomically } from "../files/files.ts";
import { withLock } from "../files/lock.ts";
import { findMarks, type Mark, withMark } from "../files/mark.ts";
import { loadRegularFile, readRegularFile, UnreadableFile } from "../files/regular-file.ts";
import type { Account } from "./account.ts";
import { formatRegistryFile, parseRegistryFile, type RegistryFile } from "./registry-file.ts";

export interface Registry {
  /** All accounts, in the order they were made; empty when there is no file. Throws HelperError `registry`. */
  read(): Promise<readonly Account[]>;
  /**
   * Reads under the lock, applies the change, writes when something changed; resolves to what is in the file now.
   * @param limitMilliseconds how long the lock is waited for at most; as long as it moves when left out.
   */
  update(
    change: (accounts: readonly Account[]) => readonly Account[],
    limitMilliseconds?: number,
  ): Promise<readonly Account[]>;
  /** False where what is learned of an account cannot be written down, as in a home that is mounted read-only. */
  isWritable(): boolean;
  /** Runs fn, which writes a secret that no account names yet: its store and its key, a line each. */
  whileKeeping<T>(what: string, fn: () => Promise<T>): Promise<T>;
  /** Who is within whileKeeping(), or was when it was killed. */
  keeping(): readonly Mark[];
}

/**
 * @param path of the file; it and its folder need not exist.
 * A file that cannot be understood is never overwritten: read and update throw HelperError `registry`.
 */
export function openRegistry(path: string): Registry {
  return {
    read: async () => (await load(path, loadRegularFile)).accounts,
    update: (change, limitMilliseconds) =>
      asRegistryError(() =>
        withLock(`${path}.lock`, () => apply(path, change), limitMilliseconds, limitMilliseconds),
      ),
    isWritable: () => isWritable(dirname(path)),
    whileKeeping: (what, fn) =>
      asRegistryError(() => withMark(dirname(path), keepingMark, what, fn)),
    keeping: () => findMarks(dirname(path), keepingMark),
  };
}

const keepingMark = "keeping";

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function apply(
  path: string,
  change: (accounts: readonly Account[]) => readonly Account[],
): Promise<readonly Account[]> {
  // Without a turn of the event loop under the lock: see lock.ts.
  const before = await load(path, readRegularFile);
  const text = formatRegistryFile({ ...before, accounts: change(before.accounts) });
  if (text !== formatRegistryFile(before)) await writeFileAtomically(path, text);
  // As a later read gives it: without members that are undefined.
  return parseRegistryFile(text, path).accounts;
}

/** Thousands of accounts are less. */
const maxBytes = 16 << 20;

type Reader = typeof readRegularFile | typeof loadRegularFile;

async function load(path: string, read: Reader): Promise<RegistryFile> {
  const bytes = await asRegistryError(() => readFile(path, read));
  return bytes === undefined
    ? { accounts: [], unknown: {} }
    : parseRegistryFile(bytes.toString("utf8"), path);
}

async function readFile(path: string, read: Reader): Promise<Buffer | undefined> {
  try {
    return (await read(path, maxBytes, { own: true })) ?? requirePlace(path);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const { reason, hint, cause } = error;
    throw new HelperError("registry", `cannot read the accounts file ${path} (${reason})`, {
      hint,
      cause,
    });
  }
}

/** A file in the place of its folder is not the same as no accounts. */
function requirePlace(path: string): undefined {
  try {
    accessSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") throw new UnreadableFile(path, code, error);
  }
}

async function asRegistryError<T>(fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    if (!(error instanceof HelperError) || !["system", "busy"].includes(error.code)) throw error;
    throw new HelperError("registry", error.message, { hint: error.hint, cause: error });
  }
}
