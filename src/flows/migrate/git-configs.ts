// Logins in the URLs of git's configuration: of remotes, submodules, insteadOf and whatever else takes a URL, in values
// and in the names of sections. git-config(1).
import { realpath } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { HelperError } from "../../errors.ts";
import { printable } from "../../screen/printable.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { isProtected } from "../../git/config-entries.ts";
import { readConfigText, sameEntries, type TextEntry } from "../../git/config-text.ts";
import { listConfig } from "../../git/git-configuration.ts";
import type { Git } from "../../git/git.ts";
import { readRegularFile } from "../../files/regular-file.ts";
import { parseLoginUrl, type UrlPlace, withoutLogins } from "./login-url.ts";
import type { Place, Source, Taken } from "./place.ts";
import { backupPlace, type FoundRepository, trackedFiles } from "./repositories.ts";
import { maxTextBytes } from "../../files/read-text.ts";
import { rewriteFile } from "../../files/rewrite-file.ts";

/** One config file with everything in it. */
export interface ConfigFile {
  readonly path: string;
  readonly backupAt: string;
  readonly entries: readonly TextEntry[];
  /** Whether the person or the administrator wrote it: what it names elsewhere is looked at, too. */
  readonly isProtected: boolean;
}

/**
 * @param directory where git is asked: a repository, or any folder for the person's own configuration.
 * @returns the config files that git reads there, with includes. Throws HelperError `git`.
 */
export async function readConfigFiles(
  git: Git,
  directory: string,
  repository?: FoundRepository,
): Promise<readonly ConfigFile[]> {
  const env = repository === undefined ? {} : alone(repository);
  if (repository !== undefined) requireReadable(repository);
  const there: Git = {
    ...git,
    run: (args, options) => git.run(args, { ...options, env: { ...options?.env, ...env } }),
  };
  const files = new Map<string, TextEntry[]>();
  const own = new Set<string>();
  const extraFiles = [...(repository?.extraFiles ?? [])];
  for (const { origin, scope, ...entry } of await listConfig(there, directory)) {
    const path = /^file:(.+)$/su.exec(origin)?.[1];
    // What a command line or a variable says is over when the command is.
    if (path === undefined || scope === "command") continue;
    const absolute = isAbsolute(path) ? path : resolve(directory, path);
    files.set(absolute, [...(files.get(absolute) ?? []), entry]);
    if (isProtected({ scope, origin, ...entry })) own.add(absolute);
    // A submodule knows where its work tree is, and the work tree may have submodules.
    if (repository !== undefined && entry.key === "core.worktree")
      extraFiles.push(...(await trackedFiles(resolve(directory, entry.value ?? ""))));
  }
  for (const file of new Set(extraFiles)) files.set(file, [...(await listFile(git, file))]);
  return [...files].map(([path, entries]) => ({
    path,
    entries,
    isProtected: own.has(path),
    backupAt: repository === undefined ? path : backupPlace(path, repository),
  }));
}

/** Git itself would wait for one that is a FIFO, and read one without an end. Throws HelperError `system`. */
function requireReadable({ gitDirectory }: FoundRepository): void {
  for (const name of ["config", "config.worktree"])
    readRegularFile(join(gitDirectory, name), maxTextBytes);
}

/** A submodule's configuration names its work tree, and git reads nothing when that is gone: so it is told another. */
function alone({ gitDirectory }: FoundRepository): Readonly<Record<string, string>> {
  return { GIT_DIR: gitDirectory, GIT_WORK_TREE: gitDirectory };
}

/** @returns each file once, however many ways lead to it. */
export async function uniqueFiles(files: readonly ConfigFile[]): Promise<readonly ConfigFile[]> {
  const unique = new Map<string, ConfigFile>();
  for (const file of files) {
    const path = await realpath(file.path).catch(() => file.path);
    if (!unique.has(path)) unique.set(path, file);
  }
  return [...unique.values()];
}

/** @param shown the file's path for people. @returns undefined when no URL in the file has a login. */
export function urlSource(file: ConfigFile, git: Git, shown: string): Source<UrlPlace> | undefined {
  const inSubmodule = isOfSubmodule(file.path);
  const places = file.entries.flatMap((entry) => placesOf(entry, inSubmodule));
  if (places.length === 0) return undefined;
  return {
    group: "urls",
    title: shown,
    path: file.path,
    isOfRepository: !file.isProtected,
    hasBackups: true,
    places,
    take: (some, rewrite) => takeUrls(file, git, some, rewrite),
  };
}

/** A submodule's repository below its outer one's: git clones it from where .gitmodules says. */
function isOfSubmodule(path: string): boolean {
  return /(?:\.git|\/worktrees\/[^/]+)\/modules\/.+\/config(?:\.worktree)?$/su.test(path);
}

function placesOf({ key, value }: TextEntry, inSubmodule: boolean): readonly UrlPlace[] {
  const isCopied = inSubmodule || /^submodule\..+\.url$/su.test(key);
  const subsection = subsectionOf(key);
  const section = `[${key.slice(0, key.indexOf("."))} "${withoutLogins(subsection)}"]`;
  const inKey = parseLoginUrl(subsection);
  const inValue = value === undefined ? undefined : parseLoginUrl(value);
  return [
    ...(inKey === undefined ? [] : [{ at: printable(section), ...inKey, isCopied }]),
    ...(inValue === undefined ? [] : [{ at: printable(withoutLogins(key)), ...inValue, isCopied }]),
  ];
}

function subsectionOf(key: string): string {
  return key.slice(key.indexOf(".") + 1, Math.max(key.lastIndexOf("."), key.indexOf(".") + 1));
}

/**
 * The URLs are replaced in the text, and git itself says whether that is right: what it reads must be what it read before but for them.
 * `git config` itself would want the secret, or a pattern with it, on its command line, where everybody can read it.
 */
async function takeUrls(
  { path, backupAt }: ConfigFile,
  git: Git,
  places: readonly Place[],
  rewrite: (place: Place) => string,
): Promise<Taken> {
  const renamed = new Map(places.map((place) => [(place as UrlPlace).text, rewrite(place)]));
  const backup = await rewriteFile(
    path,
    async (before) => {
      const after = replaceUrls(before, renamed);
      const expected = (await readConfigText(before, git))?.map(({ key, value }) => ({
        key: replaceInKey(key, renamed),
        value: value === undefined ? undefined : (renamed.get(value) ?? value),
      }));
      if (sameEntries(expected, await readConfigText(after, git))) return after;
      throw new HelperError(
        "git",
        `the URLs in ${path} are written in a way that only a person can change`,
        {
          hint: `git config --file ${shellWord(path)} --edit`,
        },
      );
    },
    backupAt,
  );
  if (backup === undefined) return { done: [] };
  return { done: places.map((place) => `${place.at} is now ${printable(rewrite(place))}`), backup };
}

/** Whole URLs only: one may be the beginning of another. Also in comments: a secret is no safer there. */
function replaceUrls(text: string, renamed: ReadonlyMap<string, string>): string {
  const bytes = new Map(
    [...renamed].map(([from, to]) => [Buffer.from(from).toString("latin1"), to]),
  );
  return text.replaceAll(/(?<=^|[\s"=;#])https?:[^\s";#]+/giu, (url) => bytes.get(url) ?? url);
}

function replaceInKey(key: string, renamed: ReadonlyMap<string, string>): string {
  const subsection = subsectionOf(key);
  const to = renamed.get(subsection);
  return to === undefined ? key : key.replace(`.${subsection}.`, () => `.${to}.`);
}

/** Throws HelperError `git` for one that git cannot read. */
async function listFile(git: Git, path: string): Promise<readonly TextEntry[]> {
  const text = readRegularFile(path, maxTextBytes)?.toString("latin1") ?? "";
  const entries = await readConfigText(text, git);
  if (entries !== undefined) return entries;
  throw new HelperError("git", `git cannot read ${path}`, {
    hint: `git config --file ${shellWord(path)} --list`,
  });
}
