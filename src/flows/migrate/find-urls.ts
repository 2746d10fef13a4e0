// Finds logins in URLs: in the person's own configuration, in the current repository, and in those below a folder.
import { access, constants } from "node:fs/promises";
import { resolve } from "node:path";
import { HelperError } from "../../errors.ts";
import { findRepository } from "../login/offers.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { Outside } from "../../outside.ts";
import type { Git } from "../../git/git.ts";
import { readConfigFiles, uniqueFiles, urlSource, type ConfigFile } from "./git-configs.ts";
import { noteOtherSecrets } from "./other-secrets.ts";
import type { Findings } from "./place.ts";
import {
  findRepositories,
  isBare,
  type FoundRepository,
  readRepository,
  type Search,
} from "./repositories.ts";
import { readSubmodules } from "./submodules.ts";
import type { Shown } from "../../screen/home-path.ts";

export interface UrlFindings extends Findings {
  /** Every config file that was read: they also name other helpers' files. */
  readonly files: readonly ConfigFile[];
  /** Repositories of Bitbucket that remotes name, with a login or without. */
  readonly repositories: readonly RepositoryName[];
}

/**
 * @param folder to look below; undefined for the current repository only.
 * @param onProgress told after each folder. Throws HelperError `usage` for a folder that cannot be read, and `git`.
 */
export async function findUrls(
  folder: string | undefined,
  hosts: ReadonlySet<string>,
  git: Git,
  outside: Pick<Outside, "cwd">,
  shown: Shown,
  onProgress: (folders: number, repositories: number) => void,
): Promise<UrlFindings> {
  const notes: string[] = [];
  let folders = 0;
  const search = {
    onFolder: (repositories: number) => onProgress((folders += 1), repositories),
    onBlocked: (path: string) => void notes.push(`${shown(path)} cannot be read`),
  };
  const files = [...(await readConfigFiles(git, outside.cwd))];
  const repositories = [...(await allRepositories(folder, git, outside, search))];
  // It may have come with somebody's files, so it is not looked into unless the person says so.
  if (folder === undefined && repositories.length === 0 && (await isBare(outside.cwd)))
    notes.push(
      "this folder is a bare repository, which is looked into when it is named: git credential-bitbucket migrate --in .",
    );
  const known = new Set(repositories.map(({ gitDirectory }) => gitDirectory));
  // It grows meanwhile.
  for (const repository of repositories) {
    try {
      const own = await readConfigFiles(git, repository.gitDirectory, repository);
      files.push(...own);
      for (const inside of await readSubmodules(own, search)) {
        if (!known.has(inside.gitDirectory)) repositories.push(inside);
        known.add(inside.gitDirectory);
      }
    } catch (error) {
      if (!(error instanceof HelperError)) throw error;
      notes.push(`git cannot read the configuration of ${shown(repository.gitDirectory)}`);
    }
  }
  const unique = await uniqueFiles(files);
  return {
    notes: [...notes, ...noteOtherSecrets(unique, shown)],
    files: unique,
    sources: unique.flatMap((file) => urlSource(file, git, shown(file.path)) ?? []),
    repositories: namedRepositories(unique, hosts),
  };
}

async function allRepositories(
  folder: string | undefined,
  git: Git,
  { cwd }: Pick<Outside, "cwd">,
  search: Search,
): Promise<readonly FoundRepository[]> {
  const current = await currentRepository(git);
  const own = current === undefined ? [] : await readRepository(current, search);
  if (folder === undefined) return own;
  const path = resolve(cwd, folder);
  await access(path, constants.R_OK | constants.X_OK).catch((error: unknown) => {
    throw new HelperError("usage", "--in wants a folder that can be read", {
      hint: "git credential-bitbucket help migrate",
      cause: error,
    });
  });
  return [...own, ...(await findRepositories(path, search))];
}

/** @returns the root of the work tree, or of a bare repository. */
async function currentRepository(git: Git): Promise<string | undefined> {
  const ask = async (question: string): Promise<string | undefined> => {
    const { stdout, exitCode } = await git.run(["rev-parse", question], { okExitCodes: [0, 128] });
    return exitCode === 0 ? stdout.replace(/\n$/u, "") : undefined;
  };
  return (await ask("--show-toplevel")) ?? (await ask("--absolute-git-dir"));
}

function namedRepositories(
  files: readonly ConfigFile[],
  hosts: ReadonlySet<string>,
): readonly RepositoryName[] {
  const found = new Map<string, RepositoryName>();
  for (const { key, value } of files.flatMap(({ entries }) => entries)) {
    const [, name] = /^(?:remote|submodule)\.(.+)\.(?:push)?url$/su.exec(key) ?? [];
    if (name === undefined || value === undefined) continue;
    const repository = findRepository([{ name, url: value, push: false }], hosts);
    if (repository !== undefined)
      found.set(`${repository.workspace}/${repository.repository}`, repository);
  }
  return [...found.values()];
}
