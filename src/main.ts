#!/usr/bin/env node
// The program: picks an operation or a command, imports it lazily, turns errors into text and exit code.
import { closeSync } from "node:fs";
import { isatty } from "node:tty";
import { HelperError } from "./errors.ts";
import { currentFolder } from "./processes/child-environment.ts";
import { withHome } from "./processes/windows-home.ts";
import { endPastResolver } from "./processes/end-past-resolver.ts";
import { shortageBehind } from "./processes/shortage.ts";
import { problemText, programName } from "./screen/problem-text.ts";
import { systemFailure } from "./screen/system-failure.ts";
import type { Outside } from "./outside.ts";
import { openScreen } from "./screen/screen.ts";

/** docs/design.md, "Commands"; unread is a shell's for a program that SIGPIPE ended. */
const exitCodes = { done: 0, failed: 1, usage: 2, cancelled: 130, unread: 141 } as const;

/** @param arguments_ the command line behind the program's name. Resolves to the exit code; never rejects. */
async function main(arguments_: readonly string[], outside: Outside): Promise<number> {
  try {
    const { runOperation, findOperation } = await import("./cli/git-operation.ts");
    const operation = findOperation(arguments_);
    isForGit = operation !== undefined;
    if (operation !== undefined) return await runOperation(operation, outside);
    const { runCommand } = await import("./cli/run.ts");
    return await runCommand(arguments_, outside);
  } catch (error) {
    return await report(error, outside);
  }
}

/** Of what breaks at once, one is told. */
let hasBroken = false;

async function report(thrown: unknown, outside: Outside): Promise<number> {
  const isExpected = thrown instanceof HelperError;
  if (hasBroken && !isExpected) return exitCodes.failed;
  hasBroken ||= !isExpected;
  const error = isExpected ? thrown : (shortageBehind(thrown) ?? systemFailure(thrown) ?? thrown);
  if (!(error instanceof HelperError)) {
    const { describeBug } = await import("./screen/bug.ts");
    outside.stderr.write(describeBug(programName, error));
    return exitCodes.failed;
  }
  if (error.code === "cancelled") {
    outside.stderr.write(`${programName}: ${error.message}\n`);
    return exitCodes.cancelled;
  }
  outside.stderr.write(problemText(error.message, error.hint));
  return error.code === "usage" ? exitCodes.usage : exitCodes.failed;
}

const { stdout, stderr } = process;
const script = process.argv[1] ?? programName;
const outside: Outside = {
  env: withHome(process.env, process.platform),
  stdin: process.stdin,
  stdout: openScreen(stdout),
  stderr: openScreen(stderr),
  now: Date.now,
  cwd: currentFolder(),
  platform: process.platform,
  program: process.env["GIT_CREDENTIAL_BITBUCKET_FRONT"] ?? script,
  script,
  node: process.execPath,
};

/** Whether git waits for the end of this process. */
let isForGit = false;

/** The first that went wrong with the output. What else there is to do is done all the same, and the daemon told. */
let lost: NodeJS.ErrnoException | undefined;
stdout.on("error", (error) => (lost ??= error));
stderr.on("error", () => {});

/** Node would wait for whatever is still open, and git with it. What was written must be out before. */
async function leave(code: number): Promise<void> {
  process.exitCode = code;
  await written(stdout);
  if (lost !== undefined) process.exitCode = await reportLost(lost);
  await written(stderr);
  letGoOfTerminal();
  if (isForGit) endPastResolver();
  process.exit();
}

/**
 * At its end Node gives a terminal behind stdin, stdout and stderr the modes that it found at its start. Where another
 * helper was asking for a token then, these are without echo and line ends, and the person would be left with them.
 */
function letGoOfTerminal(): void {
  for (const fd of [0, 1, 2]) if (isatty(fd)) closeSync(fd);
}

/** Errors are told a turn later. An empty write behind nothing would make one: a full disk takes not even that. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength > 0) await new Promise((resolve) => stream.write("", resolve));
  await new Promise(setImmediate);
}

/** Who closed the pipe knows. */
async function reportLost(error: NodeJS.ErrnoException): Promise<number> {
  if (error.code === "EPIPE") return exitCodes.unread;
  const { outputFailure } = await import("./screen/output-failure.ts");
  return await report(outputFailure(error), outside);
}

// Node prints what it warns developers of: until 20.19.5 and 22.13, of the X25519 that the file store uses.
process.removeAllListeners("warning");

// Node would print it as it is, and another one behind it.
process.on("uncaughtException", (error) => {
  void crash(error);
});

async function crash(error: unknown): Promise<void> {
  await leave(await report(error, outside));
}

void main(process.argv.slice(2), outside).then(leave);
