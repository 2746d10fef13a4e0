// Runs pass(1). What it says is told apart by its exit code and by gpg's status lines: 1 is pass's own word, 2 is gpg's, and
// gpg says "No secret key" both of a locked key and of one that is gone.
import { HelperError } from "../../errors.ts";
import type { Environment } from "../../outside.ts";
import { programEnvironment } from "../../processes/child-environment.ts";
import { findProgram, pathOf } from "../../processes/find-program.ts";
import { type ProgramEnd, runProgram } from "../../processes/run-program.ts";
import type { Person } from "./person.ts";

export interface PassOptions {
  readonly env: Environment;
  /** Who may be asked for the key's passphrase. */
  readonly asks?: Person | undefined;
}

const answerLimitMilliseconds = 10_000; // an agent that starts on a busy machine takes seconds
const personLimitMilliseconds = 120_000; // to type a passphrase

/** What would make pass or its git work on something else than the person's store: git sets them for its helpers. */
const gitsOwn = /^GIT_(?!CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)$|AUTHOR_|COMMITTER_)/u;
/** By these pinentry finds a person. */
const screens = /^(?:GPG_TTY|DISPLAY|WAYLAND_DISPLAY)$/u;

/**
 * @param args never a secret.
 * @param stdin what pass reads; may be a secret.
 * @returns what it printed. Throws HelperError `store-locked` or `store-unavailable`; nothing it printed is in there.
 */
export async function runPass(
  { env, asks }: PassOptions,
  args: readonly string[],
  stdin?: string,
): Promise<Buffer> {
  const limitMilliseconds = asks === undefined ? answerLimitMilliseconds : personLimitMilliseconds;
  const end = await runProgram([findPass(env), ...args], {
    env: passEnvironment(env, asks),
    stdin,
    limitMilliseconds,
  });
  if (end.how === "exit" && end.exitCode === 0) return end.stdout;
  if (end.how === "late")
    throw unavailable(`pass did not answer within ${limitMilliseconds / 1000} s`, stopAgent);
  throw failure(end, args);
}

/** @returns its absolute path. Throws HelperError `store-unavailable`. */
export function findPass(env: Environment): string {
  const program = findProgram("pass", pathOf(env));
  if (program !== undefined) return program;
  throw unavailable("there is no program pass on PATH", "sudo apt install pass");
}

/** For programs that start gpg or a keyring: whom these may ask, and nothing of the repository that git is in. */
export function passEnvironment(env: Environment, asks: PassOptions["asks"]): NodeJS.ProcessEnv {
  const { PASSWORD_STORE_GPG_OPTS: own = "", ...all } = programEnvironment(env);
  const kept = Object.entries(all).filter(
    ([name]) => !gitsOwn.test(name) && (asks !== undefined || !screens.test(name)),
  );
  // A key that is not here is looked for in the network otherwise.
  const options = ["--status-fd=2", "--batch", "--no-auto-key-locate"];
  if (asks === undefined) options.push("--pinentry-mode=error");
  return {
    ...Object.fromEntries(kept),
    ...(asks?.terminal !== undefined && { GPG_TTY: asks.terminal }),
    PASSWORD_STORE_GPG_OPTS: [own, ...options].join(" ").trim(),
  };
}

function failure({ how, exitCode, stderr }: ProgramEnd, args: readonly string[]): HelperError {
  if (how === "unstarted") return unavailable("the program pass cannot be started", "pass ls");
  const said = stderr.toString("latin1");
  if (/^\[GNUPG:\] (?:INV_RECP|NO_RECP)\b/mu.test(said))
    return unavailable("gpg has no usable key to write into pass with", "gpg --list-keys");
  if (/^\[GNUPG:\] DECRYPTION_FAILED\b/mu.test(said) && said.includes("No secret key"))
    return locked(args.at(-1) ?? "");
  return unavailable(`pass failed (exit code ${exitCode ?? "none"})`, "pass ls");
}

const stopAgent = "gpgconf --kill gpg-agent";

function locked(name: string): HelperError {
  return new HelperError("store-locked", "pass is locked: gpg has not got its key's passphrase", {
    // Asks for the passphrase, which the agent keeps. Without the redirection it shows the token.
    hint: `pass show ${name} >/dev/null`,
  });
}

export function unavailable(message: string, hint: string, cause?: unknown): HelperError {
  return new HelperError("store-unavailable", message, { hint, cause });
}
