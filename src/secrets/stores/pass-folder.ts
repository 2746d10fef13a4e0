// The folder of pass(1) as it lies on the disk: which entries there are is seen without running anything or opening any.
import { open, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Environment } from "../../outside.ts";
import { syncDirectory } from "../../files/files.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { unavailable } from "./pass-program.ts";

const suffix = ".gpg";

/** @returns where pass looks, made or not. Throws HelperError `store-unavailable` without a home. */
export function passFolder(env: Environment): string {
  const { PASSWORD_STORE_DIR: told = "", HOME: home = "" } = env;
  if (told.startsWith("/")) return told;
  if (home === "") throw unavailable("pass needs a home: HOME is not set", "pass ls");
  return join(home, ".password-store");
}

/** Throws HelperError `store-unavailable` unless there is a password store: what is not mounted is not empty. */
export async function requirePassFolder(root: string): Promise<void> {
  if (!(await isFolder(root)))
    throw unavailable(`there is no password store in ${root}`, "pass init GPG-ID");
}

/** @returns whether pass has an entry of that name. Throws as requirePassFolder, and where nobody can tell. */
export async function hasEntry(root: string, name: string): Promise<boolean> {
  const found = await look(root, () => stat(entryFile(root, name)));
  if (found === undefined) await requirePassFolder(root);
  return found?.isFile() === true;
}

/** @returns the names of all entries below a folder of the store, without that folder. */
export async function entriesBelow(root: string, folder: string): Promise<readonly string[]> {
  await requirePassFolder(root);
  const top = join(root, folder);
  const found = await look(root, () => readdir(top, { recursive: true, withFileTypes: true }));
  return (found ?? [])
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath, entry.name).slice(top.length + 1, -suffix.length));
}

/** Neither pass nor gpg does: the secret that this one replaces is deleted next, and a power cut would leave neither. */
export async function syncEntry(root: string, name: string): Promise<void> {
  const path = entryFile(root, name);
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(dirname(path));
}

function entryFile(root: string, name: string): string {
  return join(root, name + suffix);
}

async function isFolder(path: string): Promise<boolean> {
  return (await look(path, () => stat(path)))?.isDirectory() === true;
}

/** @returns undefined when it is not there. */
async function look<T>(root: string, step: () => Promise<T>): Promise<T | undefined> {
  try {
    return await step();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unavailable(
      `the password store cannot be read (${code})`,
      `ls -ld ${shellWord(root)}`,
      error,
    );
  }
}
