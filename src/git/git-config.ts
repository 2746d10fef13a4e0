// Git's configuration, listed by one git process. git-config(1), --list.
// The other file that runs git is git.ts. They are two because of speed: this one is on the path of every `get`, where
// git.ts with its package would cost more than all the rest.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { HelperError } from "../errors.ts";
import type { Environment, Outside } from "../outside.ts";
import { gitEnvironment, standIn } from "../processes/child-environment.ts";
import {
  type ConfigEntry,
  type ConfigScope,
  parseListing,
  parsePlainListing,
} from "./config-entries.ts";
import { findProgram, pathOf } from "../processes/find-program.ts";
import { shortageBehind } from "../processes/shortage.ts";
import { readBoolean } from "./config-value.ts";

/** An include may name a FIFO or a device: git would wait, or read, without an end. */
export const gitSeconds = 10;
export const mostGitBytes = 16 << 20;

/**
 * Git refuses to read the configuration of a bare repository that somebody put into a work tree. With GIT_DIR the caller
 * has said which repository is meant. git-config(1), safe.bareRepository.
 */
const bareOnlyByName = ["-c", "safe.bareRepository=explicit"] as const;

/** Git 2.26 and later say with --show-scope whose each entry is; those before end so. */
const usageExitCode = 129;

/** @param okExitCodes others throw HelperError `git`. */
export type RunGit = (
  args: readonly string[],
  okExitCodes: readonly number[],
) => Promise<{ readonly stdout: string; readonly exitCode: number }>;

/**
 * @returns every entry that git reads here, in its order, with includes, `-c` and GIT_CONFIG_* applied as git does.
 * Throws HelperError `git` when git is missing, does not end, or cannot read its configuration: git itself would stop, too.
 */
export async function readGitConfig(
  outside: Pick<Outside, "env" | "cwd" | "signal">,
): Promise<readonly ConfigEntry[]> {
  return await listEntries(runnerFor(outside), outside.env);
}

/** @param env where git finds the person's files. Throws HelperError `git`. */
export async function listEntries(run: RunGit, env: Environment): Promise<readonly ConfigEntry[]> {
  const args = ["config", "-z", "--show-scope", "--show-origin", "--list"];
  const { stdout, exitCode } = await run(args, [0, usageExitCode]);
  const entries = exitCode === 0 ? parseListing(stdout) : await listOfOldGit(run, env);
  return entries.filter(({ scope, key }) => scope !== "command" || key !== "safe.barerepository");
}

/** What stands before git's command in every call of ours. */
export function gitOptions(env: Environment): readonly string[] {
  return (env["GIT_DIR"] ?? "") === "" ? bareOnlyByName : [];
}

/** @returns git's absolute path. Throws HelperError `git`. */
export function findGit(env: Environment): string {
  const program = findProgram("git", pathOf(env));
  if (program !== undefined) return program;
  throw new HelperError("git", "git is not found on PATH", { hint: "command -v git" });
}

/**
 * The files of the system and the person are read one by one. The whole listing begins with what they hold; what comes
 * behind, or is not the same, counts as the repository's. An include from the command line does as well: these gits do
 * not tell it from one of the repository.
 */
async function listOfOldGit(run: RunGit, env: Environment): Promise<readonly ConfigEntry[]> {
  const { stdout } = await run(["config", "-z", "--show-origin", "--list"], [0]);
  const all = parsePlainListing(stdout);
  const known: ConfigEntry[] = [];
  for (const { scope, file } of filesOfOldGit(env)) {
    const args = ["config", "-z", "--show-origin", "--includes", ...file, "--list"];
    // 128: there is no such file, or not for us.
    const listed = await run(args, [0, 1, 128]);
    if (listed.exitCode !== 0) continue;
    for (const entry of parsePlainListing(listed.stdout)) known.push({ ...entry, scope });
  }
  const differs = all.findIndex((entry, index) => !isSame(entry, known[index]));
  const own = known.slice(0, differs === -1 ? all.length : differs);
  for (const entry of all.slice(own.length)) {
    const isCommand = entry.origin === "command line:";
    own.push({ ...entry, scope: isCommand ? "command" : "local" });
  }
  return own;
}

interface OldFile {
  readonly scope: ConfigScope;
  readonly file: readonly string[];
}

/** In git's order. These gits do not know GIT_CONFIG_GLOBAL and GIT_CONFIG_SYSTEM. */
function filesOfOldGit(env: Environment): readonly OldFile[] {
  const home = env["HOME"] ?? "";
  const xdg = env["XDG_CONFIG_HOME"] || join(home, ".config");
  const global = [join(xdg, "git/config"), join(home, ".gitconfig")].filter((file) =>
    existsSync(file),
  );
  const hasSystem = readBoolean(env["GIT_CONFIG_NOSYSTEM"] ?? "") === false;
  return [
    ...(hasSystem ? [{ scope: "system" as const, file: ["--system"] }] : []),
    ...global.map((file) => ({ scope: "global" as const, file: ["--file", file] })),
  ];
}

type PlainEntry = Omit<ConfigEntry, "scope">;

function isSame(entry: PlainEntry, other: PlainEntry | undefined): boolean {
  return entry.origin === other?.origin && entry.key === other.key && entry.value === other.value;
}

function runnerFor(outside: Pick<Outside, "env" | "cwd" | "signal">): RunGit {
  const program = findGit(outside.env);
  const { cwd, env } = standIn(outside.cwd, gitEnvironment(outside.env));
  return async (args, okExitCodes) =>
    await new Promise((resolve, reject) => {
      const options = {
        cwd,
        env,
        maxBuffer: mostGitBytes,
        timeout: gitSeconds * 1000,
        killSignal: "SIGKILL",
        windowsHide: true,
        signal: outside.signal,
      } as const;
      const words = [...gitOptions(env), ...args];
      const child = execFile(program, words, options, (error, stdout) => {
        const exitCode = error === null ? 0 : error.code;
        if (typeof exitCode === "number" && okExitCodes.includes(exitCode))
          resolve({ stdout, exitCode });
        else reject(failure(error ?? {}));
      });
      // A configuration may include /dev/stdin.
      child.stdin?.end();
    });
}

interface Failure {
  readonly code?: string | number | null | undefined;
  readonly killed?: boolean | undefined;
}

/** Without git's words and without the cause: a section's name may be a URL with a secret in it. */
function failure(error: Failure): HelperError {
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return tooMuch();
  if (error.killed === true) return tooSlow();
  // Git ended, so it had been started.
  return typeof error.code === "string" ? (shortageBehind(error) ?? unreadable()) : unreadable();
}

const showIncludes = "git config --no-includes --show-origin --get-regexp '^include'";

export function tooSlow(): HelperError {
  return new HelperError("git", `git does not read its configuration within ${gitSeconds} s`, {
    hint: showIncludes,
  });
}

export function tooMuch(): HelperError {
  return new HelperError("git", `git's configuration is larger than ${mostGitBytes >> 20} MB`, {
    hint: showIncludes,
  });
}

function unreadable(): HelperError {
  return new HelperError("git", "git cannot read its configuration", {
    hint: "git config --list --show-origin",
  });
}
