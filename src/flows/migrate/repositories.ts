// The repositories below a folder, and the files in which each keeps URLs. gitrepository-layout(5), gitmodules(5).
import { type Dirent } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { readRegularFile, UnreadableFile } from "../../files/regular-file.ts";

export interface FoundRepository {
  /** Where its configuration lies: the folder .git, a bare repository, or one below .git/modules. */
  readonly gitDirectory: string;
  /** Files besides the configuration that may have URLs in them: .gitmodules, .lfsconfig, config.worktree. */
  readonly extraFiles: readonly string[];
}

export interface Search {
  /** Called for each folder that was looked into. */
  readonly onFolder: (repositoriesSoFar: number) => void;
  /** Called for each folder that cannot be read. */
  readonly onBlocked: (path: string) => void;
}

/** A path and a word before it. */
const longestPointerBytes = 64 << 10;
const tracked = [".gitmodules", ".lfsconfig"];
/** Of a linked work tree, where extensions.worktreeConfig is or was set. git-worktree(1). */
const ownConfig = "config.worktree";

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
    if (git !== undefined) await addWorkTree(path, found, search);
    open.push(...below.filter((name) => name !== ".git").map((name) => join(path, name)));
  }
  return [...found.values()];
}

/** @returns the repository that a work tree's root or a bare repository is, with its work trees and submodules. */
export async function readRepository(
  path: string,
  search: Search,
): Promise<readonly FoundRepository[]> {
  const found = new Map<string, FoundRepository>();
  const entries = await list(path, search);
  if (isGitDirectory(entries)) await addGitDirectory(path, [], found, search);
  else await addWorkTree(path, found, search);
  return [...found.values()];
}

/** @returns the files in a work tree's root that may have URLs in them; what is a symbolic link git reads neither. */
export async function trackedFiles(workTree: string): Promise<readonly string[]> {
  return await filesOf(workTree, tracked);
}

async function filesOf(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const paths = names.map(async (name) => {
    const path = join(folder, name);
    const isFile = await lstat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    return isFile ? [path] : [];
  });
  return (await Promise.all(paths)).flat();
}

async function addWorkTree(
  path: string,
  found: Map<string, FoundRepository>,
  search: Search,
): Promise<void> {
  const gitDirectory = await gitDirectoryOf(path);
  if (gitDirectory !== undefined)
    await addGitDirectory(gitDirectory, await trackedFiles(path), found, search);
}

/** A submodule or a further work tree has a file .git that names the folder, and the folder may name a common one. */
async function gitDirectoryOf(workTree: string): Promise<string | undefined> {
  const git = join(workTree, ".git");
  if (await isFolder(git)) return git;
  const text = readPointer(git);
  const named = /^gitdir: (.+?)\r?\n?$/su.exec(text)?.[1];
  if (named === undefined) return undefined;
  const directory = resolve(workTree, named);
  const common = readPointer(join(directory, "commondir"));
  return common === "" ? directory : resolve(directory, common.replace(/\r?\n$/u, ""));
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** @returns the text of a file that names a folder; empty when there is none that can be read. */
function readPointer(path: string): string {
  try {
    return readRegularFile(path, longestPointerBytes)?.toString("utf8") ?? "";
  } catch (error) {
    if (error instanceof UnreadableFile) return "";
    throw error;
  }
}

async function addGitDirectory(
  gitDirectory: string,
  extra: readonly string[],
  found: Map<string, FoundRepository>,
  search: Search,
): Promise<void> {
  const known = found.get(gitDirectory);
  const linked = known === undefined ? await linkedFolders(gitDirectory) : [];
  const files = await Promise.all([
    known?.extraFiles ??
      (basename(gitDirectory) === ".git" ? trackedFiles(dirname(gitDirectory)) : []),
    ...linked.map(linkedFiles),
  ]);
  found.set(gitDirectory, {
    gitDirectory,
    extraFiles: [...new Set([...files.flat(), ...extra])],
  });
  if (known !== undefined) return;
  for (const folder of [gitDirectory, ...linked])
    await addModules(join(folder, "modules"), found, search);
}

/** @returns where the repository keeps what is of one linked work tree only, its submodules among it. */
async function linkedFolders(gitDirectory: string): Promise<readonly string[]> {
  const folder = join(gitDirectory, "worktrees");
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/** The work tree itself may be anywhere, or gone. */
async function linkedFiles(folder: string): Promise<readonly string[]> {
  const gitFile = readPointer(join(folder, "gitdir"));
  const workTree = dirname(resolve(folder, gitFile.replace(/\r?\n$/u, "")));
  return [
    ...(await filesOf(folder, [ownConfig])),
    ...(gitFile === "" ? [] : await trackedFiles(workTree)),
  ];
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

/** @returns whether the folder itself is a repository without a work tree. */
export async function isBare(path: string): Promise<boolean> {
  return isGitDirectory(await readdir(path, { withFileTypes: true }).catch(() => []));
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
  return dirname(file) === gitDirectory || basename(file) === ownConfig
    ? file
    : join(gitDirectory, basename(file).replace(/^\./u, ""));
}
