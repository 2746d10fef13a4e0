// Submodules that a .gitmodules file names. Most have their repositories in the outer one's folder `modules`; those that git
// made before 1.7.8, or took as they were, have a folder .git of their own. gitsubmodules(7).
import { realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import type { ConfigFile } from "./git-configs.ts";
import { type FoundRepository, readRepository, type Search } from "./repositories.ts";

/** @param files of one repository. @returns the repositories that are there; a path may name none, or none yet. */
export async function readSubmodules(
  files: readonly ConfigFile[],
  search: Search,
): Promise<readonly FoundRepository[]> {
  const found: FoundRepository[] = [];
  for (const { path, entries } of files) {
    if (basename(path) !== ".gitmodules") continue;
    for (const { key, value } of entries) {
      if (value === undefined || !/^submodule\..+\.path$/su.test(key)) continue;
      const workTree = join(dirname(path), value);
      if (await isInside(join(workTree, ".git"), dirname(path)))
        found.push(...(await readRepository(workTree, search)));
    }
  }
  return found;
}

/** The file comes from whoever wrote the repository: its paths, or symbolic links on the way, may lead anywhere. */
async function isInside(path: string, folder: string): Promise<boolean> {
  const [real, outer] = await Promise.all(
    [path, folder].map((one) => realpath(one).catch(() => undefined)),
  );
  return real !== undefined && real.startsWith(`${outer}${sep}`);
}
