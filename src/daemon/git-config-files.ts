// Which of git's configuration files count for a caller, and what in them concerns us. git-config(1), FILES, Includes.
// The daemon does not run git for a warm answer. It looks whether a file that git would read mentions a setting that
// changes answers; when none does, the defaults hold, and when one does, the helper has to say what it means.
import { readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Caller } from "./caller.ts";
import { stampText } from "./stamp.ts";

/**
 * plain: no file mentions us · stamped: some do, and answers hold as long as the stamp is the same ·
 * unclear: only git could tell, every time.
 */
export type ConfigState =
  | { readonly kind: "plain" }
  | { readonly kind: "stamped"; readonly stamp: string }
  | { readonly kind: "unclear" };

/** Settings that change what is served. The others matter where a secret is made or checked: in the helper. */
const ours = /bitbucket(?:hosts|validate|daemon|cachetimeout|loglevel)/iu;

/** Where packagers put the system's file. A setting in another place is not seen here. */
const systemFiles = [
  "/etc/gitconfig",
  "/usr/local/etc/gitconfig",
  "/opt/homebrew/etc/gitconfig",
  "/Library/Developer/CommandLineTools/usr/share/git-core/gitconfig",
  "/Applications/Xcode.app/Contents/Developer/usr/share/git-core/gitconfig",
] as const;

const deepestInclude = 10; // git's own limit

interface Scan {
  readonly stamp: string;
  readonly mentions: boolean;
  /** Undefined when a path is written in a way that only git understands. */
  readonly includes: readonly string[] | undefined;
  readonly isConditional: boolean;
}

export interface ConfigFiles {
  /** Looks at the files as they are now; a file is only read again when it changed. */
  state(caller: Caller): ConfigState;
}

export function openConfigFiles(): ConfigFiles {
  const scans = new Map<string, Scan>();

  function scan(path: string, home: string): Scan | undefined {
    const stamp = stampOf(path);
    if (stamp === undefined) return undefined;
    const known = scans.get(path);
    if (known?.stamp === stamp) return known;
    // Homes with thousands of repositories: the oldest goes.
    if (scans.size >= 4096) scans.delete(scans.keys().next().value ?? "");
    const fresh = { stamp, ...readConfig(path, home) };
    scans.set(path, fresh);
    return fresh;
  }

  return {
    state(caller) {
      const stamps: string[] = [];
      const pending = filesOf(caller).map((path) => ({ path, depth: 0, conditional: false }));
      if (ours.test(caller.parameters)) stamps.push(caller.parameters);
      if (/include/iu.test(caller.parameters)) return { kind: "unclear" };
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        const { path, depth, conditional } = next;
        const found = scan(path, caller.home);
        if (found === undefined) continue;
        if (found.includes === undefined || depth > deepestInclude) return { kind: "unclear" };
        if (found.mentions && conditional) return { kind: "unclear" };
        if (found.mentions) stamps.push(`${path}\0${found.stamp}`);
        for (const include of found.includes) {
          pending.push({
            path: include,
            depth: depth + 1,
            conditional: conditional || found.isConditional,
          });
        }
      }
      return stamps.length === 0
        ? { kind: "plain" }
        : { kind: "stamped", stamp: stamps.toSorted().join("\n") };
    },
  };
}

function filesOf(caller: Caller): readonly string[] {
  const { globalConfig, systemConfig, noSystemConfig, home, configHome } = caller;
  const system = systemConfig === undefined ? systemFiles : [systemConfig];
  const usual = [join(configHome, "git/config"), join(home, ".gitconfig")];
  const global = globalConfig === undefined ? usual : [globalConfig];
  const files = [...(noSystemConfig ? [] : system), ...global, ...repositoryFiles(caller)];
  return files.filter((file) => file !== "").map((file) => resolve(caller.cwd, file));
}

function repositoryFiles(caller: Caller): readonly string[] {
  const gitDir =
    caller.gitDir === undefined ? findGitDir(caller.cwd) : resolve(caller.cwd, caller.gitDir);
  if (gitDir === undefined) return [];
  const commonFile = join(gitDir, "commondir");
  // Asked for first: a file that is missing is the rule, and reading it would cost an error.
  const common = stampOf(commonFile) === undefined ? undefined : readText(commonFile)?.trimEnd();
  const shared = common === undefined ? gitDir : resolve(gitDir, common);
  return [join(shared, "config"), join(gitDir, "config.worktree")];
}

/** The nearest folder upwards that looks like a repository: with a .git, or bare. */
function findGitDir(start: string): string | undefined {
  if (!isAbsolute(start)) return undefined;
  for (let folder = start; ; folder = dirname(folder)) {
    const dotGit = join(folder, ".git");
    const found = statSync(dotGit, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return dotGit;
    if (found?.isFile() === true) {
      const target = /^gitdir: (.+)$/u.exec(readText(dotGit)?.trimEnd() ?? "")?.[1];
      return target === undefined ? undefined : resolve(folder, target);
    }
    if (stampOf(join(folder, "HEAD")) !== undefined && stampOf(join(folder, "config"))) {
      return folder;
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function readConfig(path: string, home: string): Omit<Scan, "stamp"> {
  const text = readText(path);
  // A file that cannot be read stops git, and so it is not ours to guess.
  if (text === undefined) return { mentions: false, includes: undefined, isConditional: false };
  const hasIncludes = /\[\s*include/iu.test(text);
  return {
    mentions: ours.test(text),
    includes: hasIncludes ? includedFiles(text, path, home) : [],
    isConditional: /\[\s*includeif/iu.test(text),
  };
}

/** Every `path = …` of the file, in whatever section it stands: one too many costs a look. */
function includedFiles(text: string, path: string, home: string): readonly string[] | undefined {
  const values = [...text.matchAll(/^[^#;\n]*?\bpath[ \t]*=[ \t]*(.*)$/gimu)].map(
    ([, value]) => value ?? "",
  );
  const files = values.map((value) => includedFile(value, dirname(path), home));
  return files.every((file) => file !== undefined) ? files : undefined;
}

function includedFile(value: string, folder: string, home: string): string | undefined {
  const plain = /^"([^"\\]*)"\s*$/u.exec(value)?.[1] ?? /^([^"\\#;]*?)\s*$/u.exec(value)?.[1];
  if (plain === undefined || plain === "" || plain.startsWith("%(")) return undefined;
  if (plain.includes("\uFFFD")) return undefined; // bytes that are not UTF-8
  if (plain.startsWith("~/")) return join(home, plain.slice(2));
  return plain.startsWith("~") ? undefined : resolve(folder, plain);
}

function stampOf(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? undefined : stampText(found);
  } catch {
    return "unreadable";
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
