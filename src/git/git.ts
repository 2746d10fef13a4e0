// Runs git for the commands. Nothing else does, but git-config.ts for the hot path, which cannot pay for this package.
import { execa } from "execa";
import { HelperError } from "../errors.ts";
import type { Environment, Outside } from "../outside.ts";
import { redact } from "../screen/redact.ts";
import { gitEnvironment, standByName } from "../processes/child-environment.ts";
import { findGit, gitOptions, gitSeconds, mostGitBytes, tooMuch, tooSlow } from "./git-config.ts";
import { printable } from "../screen/printable.ts";

export interface GitOptions {
  /** Default: where the program was called. */
  readonly cwd?: string | undefined;
  /** For git's stdin; the only way for a secret to git. */
  readonly input?: string | Uint8Array | undefined;
  /** Default: 0 only. */
  readonly okExitCodes?: readonly number[] | undefined;
  /** On top of the program's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

export interface GitResult {
  /** As git wrote it, up to its last line feed or NUL. */
  readonly stdout: string;
  readonly exitCode: number;
}

export interface Git {
  /** Where git finds the person's configuration. */
  readonly env: Environment;
  /**
   * Throws HelperError `git` when git is missing, ends with an exit code that is not ok, or does not end. No question of
   * ours takes git long: what does is a file in its configuration that has no end.
   */
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
}

/**
 * Git's messages are in English; it never asks and never pages. It fetches nothing: to get an object that is missing it would
 * start what the repository's configuration names, such as remote.origin.uploadpack. Gits before 2.39.4 know the last only.
 */
const quietly = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_PAGER: "cat",
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
};

export function openGit(outside: Pick<Outside, "env" | "cwd" | "signal">): Git {
  return {
    env: outside.env,
    async run(args, options = {}) {
      const wanted = { ...gitEnvironment(outside.env), ...quietly, ...options.env };
      const { cwd, env } = standByName(options.cwd ?? outside.cwd, wanted);
      const result = await execa(findGit(outside.env), [...gitOptions(env), ...args], {
        cwd,
        env,
        extendEnv: false,
        windowsHide: true,
        timeout: gitSeconds * 1000,
        maxBuffer: mostGitBytes,
        killSignal: "SIGKILL",
        input: options.input ?? "",
        reject: false,
        stripFinalNewline: false,
        ...(outside.signal && { cancelSignal: outside.signal }),
      });
      const { exitCode } = result;
      if (result.timedOut) throw tooSlow();
      if (result.isMaxBuffer) throw tooMuch();
      if (exitCode !== undefined && (options.okExitCodes ?? [0]).includes(exitCode)) {
        return { stdout: result.stdout, exitCode };
      }
      const why = options.input === undefined ? firstLine(result.stderr) : "";
      throw failed(args, why || `exit code ${exitCode ?? result.signal}`);
    },
  };
}

/**
 * Without the arguments, which may be URLs with a secret, and without a cause that would quote them. What git says when
 * it had input is left out, too: it quotes lines that it does not understand.
 */
function failed(args: readonly string[], why: string): HelperError {
  const command = args.find((argument) => /^[a-z][a-z-]*$/u.test(argument));
  return new HelperError("git", `git ${command ?? "itself"} failed: ${why}`);
}

function firstLine(stderr: string): string {
  const line = stderr.split("\n", 1)[0] ?? "";
  return printable(redact(line.replace(/^(?:fatal|error|warning): /u, "")));
}
