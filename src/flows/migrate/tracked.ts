// Which files a repository has under version control. What such a file says was not said by the person who runs migrate,
// or not by them alone: .gitmodules, .lfsconfig, a file that the configuration includes, the parts of a bare repository
// that somebody committed as plain files.
import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import type { Outside } from "../../outside.ts";
import { type Git, openGit } from "../../git/git.ts";
import type { Source } from "./place.ts";

/** What of a caller's environment would make git look into another repository than the one it is told. */
const leading = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_COMMON_DIR",
  "GIT_OBJECT_DIRECTORY",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
] as const;

/** Where git keeps URLs that come with a repository. Of these, what cannot be found out counts as tracked. */
const comesWithRepository = new Set([".gitmodules", ".lfsconfig"]);

/** @returns the sources, each with whether it is tracked. Asks git about those only that hold a secret. */
export async function markTracked(
  sources: readonly Source[],
  outside: Outside,
): Promise<readonly Source[]> {
  const env = { ...outside.env };
  for (const name of leading) delete env[name];
  const git = openGit({ ...outside, env });
  const marked: Source[] = [];
  for (const source of sources) {
    const { path, places } = source;
    const holdsSecret = places.some(({ secret }) => secret !== undefined);
    const isTracked = path !== undefined && holdsSecret && (await isTrackedFile(path, git));
    marked.push({ ...source, isTracked });
  }
  return marked;
}

/** By any repository around it: an inner one may be nothing but files of the outer one. */
async function isTrackedFile(path: string, git: Git): Promise<boolean> {
  const file = await realpath(path).catch(() => path);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if ((await isThere(join(folder, ".git"))) && (await knows(folder, file, git))) return true;
    if (folder === dirname(folder)) return false;
  }
}

/** Git is told the repository, so that it does not look for one, and starts nothing that its configuration names. */
async function knows(folder: string, file: string, git: Git): Promise<boolean> {
  const path = relative(folder, file);
  const { exitCode } = await git.run(
    [
      "-c",
      // A git before 2.35 would start a program of the name "false".
      "core.fsmonitor=",
      "--literal-pathspecs",
      "ls-files",
      "--error-unmatch",
      "--",
      path,
    ],
    {
      cwd: folder,
      env: { GIT_DIR: join(folder, ".git"), GIT_WORK_TREE: folder },
      okExitCodes: [0, 1, 128],
    },
  );
  return exitCode === 0 || (exitCode === 128 && comesWithRepository.has(basename(file)));
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
