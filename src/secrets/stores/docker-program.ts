// Runs a program of the docker-credential-helpers protocol: a verb, its input on stdin, JSON on stdout. Errors come on stdout,
// too, and may hold a secret: what it printed is told apart here, and goes nowhere.
// https://github.com/docker/docker-credential-helpers, credentials/credentials.go and credentials/error.go
import { HelperError } from "../../errors.ts";
import { findProgram, pathOf } from "../../processes/find-program.ts";
import { type ProgramEnd, runProgram } from "../../processes/run-program.ts";
import type { DockerStoreName } from "../../store-names.ts";
import { type PassOptions, passEnvironment, unavailable } from "./pass-program.ts";

export interface DockerOptions extends PassOptions {
  readonly name: DockerStoreName;
}

export interface DockerAnswer {
  readonly isDone: boolean;
  /** Of an error, too; may hold a secret. */
  readonly text: string;
}

const answerLimitMilliseconds = 10_000;
const personLimitMilliseconds = 120_000; // to type a password

/** Throws HelperError `store-locked` or `store-unavailable` when the program does not answer. */
export async function runDocker(
  { name, env, asks }: DockerOptions,
  verb: "get" | "store" | "erase" | "list",
  stdin = "",
): Promise<DockerAnswer> {
  const program = findProgram(name, pathOf(env));
  if (program === undefined)
    throw unavailable(`there is no program ${name} on PATH`, `type ${name}`);
  const limitMilliseconds = asks === undefined ? answerLimitMilliseconds : personLimitMilliseconds;
  // Whatever it is, it may start gpg.
  const answer = { env: passEnvironment(env, asks), stdin, limitMilliseconds };
  const end = await runProgram([program, verb], answer);
  if (end.how === "unstarted") throw unavailable(`${name} cannot be started`, `${name} list`);
  if (end.how === "late")
    throw unavailable(
      `${name} did not answer within ${limitMilliseconds / 1000} s`,
      `${name} list`,
    );
  return answerOf(end, name);
}

/** @returns what is known of an answer that is no success, without a word of it. */
export function failureOf(name: DockerStoreName): HelperError {
  // Shows addresses and user names only.
  return unavailable(`${name} failed`, `${name} list`);
}

function answerOf({ exitCode, stdout, stderr }: ProgramEnd, name: DockerStoreName): DockerAnswer {
  const text = stdout.toString("utf8");
  if (exitCode === 0) return { isDone: true, text };
  if (/No secret key|\bis locked\b/iu.test(text + stderr.toString("utf8")))
    throw new HelperError("store-locked", `what ${name} keeps is locked`, { hint: `${name} list` });
  return { isDone: false, text };
}
