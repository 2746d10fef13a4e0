// Which of git's configuration files count for a caller, and what in them concerns us. git-config(1), FILES, Includes.
// The daemon does not run git for a warm answer. It looks whether a file that git would read mentions a setting that
// changes answers; when none does, the defaults hold, and when one does, the helper has to say what it means. Settings of
// ours count from the system's and the person's files only, so that nothing a repository names is ever opened here.
import { statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { HelperError } from "../errors.ts";
import { readRegularFile } from "../files/regular-file.ts";
import { answerSettings, type Caller } from "./caller.ts";
import { stampText } from "./stamp.ts";

/**
 * plain: no file mentions us · stamped: some do, and answers hold as long as the stamp is the same ·
 * unclear: only git could tell, every time.
 */
export type ConfigState =
  | { readonly kind: "plain" }
  | { readonly kind: "stamped"; readonly stamp: string }
  | { readonly kind: "unclear" };

const ours = new RegExp(answerSettings.join("|"), "iu");

/** Where packagers put the system's file. A setting in another place is not seen here. */
const systemFiles = [
  "/etc/gitconfig",
  "/usr/local/etc/gitconfig",
  "/opt/homebrew/etc/gitconfig",
  "/Library/Developer/CommandLineTools/usr/share/git-core/gitconfig",
  "/Applications/Xcode.app/Contents/Developer/usr/share/git-core/gitconfig",
] as const;

/** Configurations are some kilobytes; a file that is larger is not read, and only git can tell what it says. */
const largestFileBytes = 1 << 20;
/** Everybody waits while one caller's files are looked at. */
const mostFiles = 200;

interface Scan {
  readonly stamp: string;
  readonly mentions: boolean;
  /** Undefined when the file, or a path in it, is written in a way that only git understands. */
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
    // Callers may name files of their own: the oldest goes.
    if (scans.size >= 4096) scans.delete(scans.keys().next().value ?? "");
    const fresh = { stamp, ...readConfig(path, home) };
    scans.set(path, fresh);
    return fresh;
  }

  return {
    state(caller) {
      const stamps: string[] = [];
      const pending = filesOf(caller).map((path) => ({ path, conditional: false }));
      const seen = new Set<string>();
      if (caller.parameters.stamp !== undefined) stamps.push(caller.parameters.stamp);
      if (caller.parameters.includes) return { kind: "unclear" };
      for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
        const { path, conditional } = next;
        const visit = `${String(conditional)} ${path}`;
        if (seen.has(visit)) continue;
        if (seen.size >= mostFiles) return { kind: "unclear" };
        seen.add(visit);
        const found = scan(path, caller.home);
        if (found === undefined) continue;
        if (found.includes === undefined) return { kind: "unclear" };
        if (found.mentions && conditional) return { kind: "unclear" };
        if (found.mentions) stamps.push(`${path}\0${found.stamp}`);
        for (const include of found.includes)
          pending.push({ path: include, conditional: conditional || found.isConditional });
      }
      return stamps.length === 0
        ? { kind: "plain" }
        : { kind: "stamped", stamp: stamps.toSorted().join("\n") };
    },
  };
}

/** A relative path leads into whatever folder the caller is in, so that settings do not count from there. */
function filesOf(caller: Caller): readonly string[] {
  const { globalConfig, systemConfig, noSystemConfig, home, configHome } = caller;
  const system = systemConfig === undefined ? systemFiles : [systemConfig];
  const usual = [join(configHome, "git/config"), join(home, ".gitconfig")];
  const global = globalConfig === undefined ? usual : [globalConfig];
  const files = [...(noSystemConfig ? [] : system), ...global];
  return files.filter((file) => isAbsolute(file) && file !== "/dev/null");
}

const onlyGitKnows = { mentions: false, includes: undefined, isConditional: false } as const;

/** What cannot be read, or is no plain file, stops git or keeps it waiting, and so it is not ours to guess. */
function readConfig(path: string, home: string): Omit<Scan, "stamp"> {
  const text = readText(path);
  if (text === undefined) return onlyGitKnows;
  const hasIncludes = /\[\s*include/iu.test(text);
  return {
    mentions: ours.test(text),
    includes: hasIncludes ? includedFiles(text, path, home) : [],
    isConditional: /\[\s*includeif/iu.test(text),
  };
}

/** Every `path = …` of the file, in whatever section or comment it stands: one too many costs a look. */
function includedFiles(text: string, path: string, home: string): readonly string[] | undefined {
  const values = [...text.matchAll(/\bpath[ \t]*=([^\n]*)/giu)].map(([, value]) => value ?? "");
  if (values.length > mostFiles) return undefined;
  const files = values.map((value) => includedFile(value, dirname(path), home));
  return files.every((file) => file !== undefined) ? files : undefined;
}

function includedFile(value: string, folder: string, home: string): string | undefined {
  const word = value.trim();
  const isQuoted = word.length > 1 && word.startsWith('"') && word.endsWith('"');
  const plain = isQuoted ? word.slice(1, -1) : word;
  // What git would take apart, spaces that are none to git, and bytes that are not UTF-8.
  if (
    plain === "" ||
    /["\\\uFFFD]|[^\S \t]/u.test(plain) ||
    /[^\S \t\r]/u.test(value) ||
    (!isQuoted && /[#;]/u.test(plain))
  )
    return undefined;
  if (plain.startsWith("~/")) return join(home, plain.slice(2));
  return /^(?:~|%\()/u.test(plain) ? undefined : resolve(folder, plain);
}

function stampOf(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? undefined : stampText(found);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOTDIR" ? undefined : "unreadable";
  }
}

/** @returns undefined for what is no regular file, too large or unreadable. */
function readText(path: string): string | undefined {
  try {
    return readRegularFile(path, largestFileBytes)?.toString("utf8") ?? "";
  } catch (error) {
    if (error instanceof HelperError) return undefined;
    throw error;
  }
}
