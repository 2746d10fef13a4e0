// The repositories below a folder, and the files in which each keeps URLs. gitrepository-layout(5), gitmodules(5).
import { type Dirent } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

export interface FoundRepository {
  /** Where its configuration lies: the folder .git, a bare repository, or one below .git/modules. */
  readonly gitDirectory: string;
  /** Files besides the configuration that may have URLs in them: .gitmodules, .lfsconfig. */
  readonly extraFiles: readonly string[];
}

export interface Search {
  /** Called for each folder that was looked into. */
  readonly onFolder: (repositoriesSoFar: number) => void;
  /** Called for each folder that cannot be read. */
  readonly onBlocked: (path: string) => void;
}

const extraFiles = new Set([".gitmodules", ".lfsconfig"]);

/** Looks into every folder below, itself included; follows no symbolic link. Bare repositories, work trees and submodules count. */
export async function findRepositories(
  folder: string,
  search: Search,
): Promise<readonly FoundRepository[]> {
  const found = new Map<string, FoundRepository>();
  const open = [folder];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const entries = await list(path, search);
    search.onFolder(found.size);
    const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    if (isGitDirectory(entries)) {
      await addGitDirectory(path, [], found, search);
      continue;
    }
    const git = entries.find(({ name }) => name === ".git");
    if (git !== undefined) await addWorkTree(path, entries, found, search);
    open.push(...below.filter((name) => name !== ".git").map((name) => join(path, name)));
  }
  return [...found.values()];
}

/** @returns the repository that a work tree's root or a bare repository is, with its submodules. */
export async function readRepository(
  path: string,
  search: Search,
): Promise<readonly FoundRepository[]> {
  const found = new Map<string, FoundRepository>();
  const entries = await list(path, search);
  if (isGitDirectory(entries)) await addGitDirectory(path, [], found, search);
  else await addWorkTree(path, entries, found, search);
  return [...found.values()];
}

async function addWorkTree(
  path: string,
  entries: readonly Dirent[],
  found: Map<string, FoundRepository>,
  search: Search,
): Promise<void> {
  const extra = entries
    .filter((entry) => entry.isFile() && extraFiles.has(entry.name))
    .map(({ name }) => join(path, name));
  const gitDirectory = await gitDirectoryOf(path);
  if (gitDirectory !== undefined) await addGitDirectory(gitDirectory, extra, found, search);
}

/** A submodule or a further work tree has a file .git that names the folder, and the folder may name a common one. */
async function gitDirectoryOf(workTree: string): Promise<string | undefined> {
  const git = join(workTree, ".git");
  const text = await readFile(git, "utf8").catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== "string") return text.code === "EISDIR" ? git : undefined;
  const named = /^gitdir: (.+?)\r?\n?$/su.exec(text)?.[1];
  if (named === undefined) return undefined;
  const directory = resolve(workTree, named);
  const common = await readFile(join(directory, "commondir"), "utf8").catch(() => "");
  return common === "" ? directory : resolve(directory, common.replace(/\r?\n$/u, ""));
}

async function addGitDirectory(
  gitDirectory: string,
  extra: readonly string[],
  found: Map<string, FoundRepository>,
  search: Search,
): Promise<void> {
  const known = found.get(gitDirectory);
  found.set(gitDirectory, {
    gitDirectory,
    extraFiles: [...new Set([...(known?.extraFiles ?? []), ...extra])],
  });
  if (known === undefined) await addModules(join(gitDirectory, "modules"), found, search);
}

/** Submodules have their repositories here, under names that may have slashes in them. */
async function addModules(
  path: string,
  found: Map<string, FoundRepository>,
  search: Search,
): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  if (isGitDirectory(entries)) return await addGitDirectory(path, [], found, search);
  for (const entry of entries)
    if (entry.isDirectory()) await addModules(join(path, entry.name), found, search);
}

/** What git looks for, too. */
function isGitDirectory(entries: readonly Dirent[]): boolean {
  const names = new Set(entries.map(({ name }) => name));
  return ["HEAD", "objects", "refs", "config"].every((name) => names.has(name));
}

async function list(path: string, search: Search): Promise<readonly Dirent[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch {
    search.onBlocked(path);
    return [];
  }
}

/** @returns where the backup of one of its files goes: never into a work tree, where it could be committed. */
export function backupPlace(file: string, { gitDirectory }: FoundRepository): string {
  return dirname(file) === gitDirectory
    ? file
    : join(gitDirectory, basename(file).replace(/^\./u, ""));
}
