// Runs git for the commands. Nothing else does, but git-config.ts for the hot path, which cannot pay for this package.
import { execa } from "execa";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { redact } from "../redact.ts";
import { gitEnvironment } from "./git-config.ts";
import { printable } from "./printable.ts";

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
  /** Throws HelperError `git` when git is missing or ends with an exit code that is not ok. */
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
}

/** Git's messages are in English; it never asks and never pages. */
const quietly = { LC_ALL: "C", GIT_TERMINAL_PROMPT: "0", GIT_PAGER: "cat" };

export function openGit(outside: Pick<Outside, "env" | "cwd" | "signal">): Git {
  return {
    async run(args, options = {}) {
      const result = await execa("git", args, {
        cwd: options.cwd ?? outside.cwd,
        env: { ...gitEnvironment(outside.env), ...quietly, ...options.env },
        extendEnv: false,
        input: options.input ?? "",
        reject: false,
        stripFinalNewline: false,
        ...(outside.signal && { cancelSignal: outside.signal }),
      });
      const { exitCode } = result;
      if (exitCode !== undefined && (options.okExitCodes ?? [0]).includes(exitCode)) {
        return { stdout: result.stdout, exitCode };
      }
      if (result.code === "ENOENT") throw missing();
      const why = options.input === undefined ? firstLine(result.stderr) : "";
      throw failed(args, why || `exit code ${exitCode ?? result.signal}`);
    },
  };
}

function missing(): HelperError {
  return new HelperError("git", "git is not found on PATH", { hint: "command -v git" });
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
