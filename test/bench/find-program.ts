// Where a program lies that may be missing, and which version it is.
import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** Looks where git looks for its helpers: among its own programs, then on PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [
    execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(),
    ...(process.env["PATH"] ?? "").split(":"),
  ];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/**
 * @param question for those who tell their version: the arguments, and where it stands in what they print.
 * @returns that, else the version of the Debian package which the program is of, else "of no known version".
 */
export function versionOf(
  program: string,
  question?: { readonly args: readonly string[]; readonly pattern: RegExp },
): string {
  const told =
    question === undefined ? undefined : question.pattern.exec(print(program, question.args))?.[1];
  return told ?? packageVersion(program) ?? "of no known version";
}

function packageVersion(program: string): string | undefined {
  // "PACKAGE: FILE"
  const owner = /^([^\s:,]+)/u.exec(print("dpkg-query", ["--search", program]))?.[1];
  if (owner === undefined) return undefined;
  return print("dpkg-query", ["--show", "--showformat=${Version}", owner]) || undefined;
}

/** Without the machine's standard input, and whatever the exit code. */
function print(program: string, args: readonly string[]): string {
  return spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).stdout;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
