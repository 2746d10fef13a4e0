// The programs: git, Node, and this one as `git credential-bitbucket`.
import { realpathSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import packageJson from "../../../package.json" with { type: "json" };
import { isOlder } from "../../daemon/version-order.ts";
import { HelperError } from "../../errors.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { findProgram, isExecutable, pathOf } from "../../processes/find-program.ts";
import { printable } from "../../screen/printable.ts";
import { readRegularFile } from "../../files/regular-file.ts";
import { failed, type Finding, ok, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

/** The oldest that the tests run on: test/versions/run.sh. */
const oldestGit = "2.17.0";
const oldestNode = packageJson.engines.node.replace(/^>=/u, "");
const ourName = "git-credential-bitbucket";
/** The front is a small script; without it, this is the program's own file. */
const longestFrontBytes = 1 << 20;
const installAgain = "./install/install.sh   # in a clone of git-credential-bitbucket";

export async function checkGit({ git, outside }: DoctorContext): Promise<Finding> {
  const { stdout } = await git.run(["--version"]);
  const version = /^git version (\d+\.\d+\.\d+)/u.exec(stdout)?.[1];
  if (version === undefined) return warning("git does not tell its version", "git --version");
  return isOlder(version, oldestGit)
    ? failed(`git ${version} is too old: 2.17 or later is needed`, howToGet("git", outside.env))
    : ok(version);
}

/** The one that runs this, and the one that the front starts for git. */
export async function checkNode({ outside }: DoctorContext): Promise<Finding> {
  const { node } = process.versions;
  if (isOlder(node, oldestNode))
    return failed(`node ${node} is too old: ${oldestNode} or later is needed`, installAgain);
  const wanted = nodeOfFront(outside.program);
  return wanted === undefined || isExecutable(wanted)
    ? ok(node)
    : warning(
        `${printable(wanted.toString())}, which was there at the installation, is gone: node ${node} of PATH serves`,
        installAgain,
      );
}

/** As install.sh writes it: `node='/usr/bin/node'`. In bytes: it need not be UTF-8. */
function nodeOfFront(program: string): Buffer | undefined {
  const text = textOf(program);
  if (!text.startsWith("#!/bin/sh")) return undefined;
  const word = /^node='(\/.*)'$/mu.exec(text)?.[1];
  if (word === undefined) return undefined;
  return Buffer.from(word.replaceAll(String.raw`'\''`, "'"), "latin1");
}

function textOf(path: string): string {
  try {
    return readRegularFile(path, longestFrontBytes)?.toString("latin1") ?? "";
  } catch (error) {
    if (error instanceof HelperError) return "";
    throw error;
  }
}

/** Our hints begin with `git credential-bitbucket`; git itself asks by the absolute path. */
export async function checkPath({ git, outside }: DoctorContext): Promise<Finding> {
  const { stdout } = await git.run(["--exec-path"]);
  const found =
    findProgram(ourName, stdout.trimEnd()) ??
    findProgram(ourName, pathOf(outside.env)) ??
    findScript(outside);
  if (found === undefined)
    return warning(`PATH has no ${ourName}, so git does not know the command`, addToPath(outside));
  if (isSameFile(found, outside.program) || outside.platform === "win32")
    return ok(`git credential-bitbucket is ${found}`);
  return warning(
    `git credential-bitbucket is another copy, ${printable(found)}`,
    `type -a ${ourName}`,
  );
}

/** npm's, which git for windows runs by its own sh, whatever started git. */
function findScript({ env, platform }: DoctorContext["outside"]): string | undefined {
  if (platform !== "win32") return undefined;
  const folders = pathOf(env, platform).split(delimiter);
  return folders.map((folder) => join(folder, ourName)).find((path) => isExecutable(path));
}

function addToPath({ program }: DoctorContext["outside"]): string {
  return basename(program) === ourName
    ? `export PATH=${shellWord(dirname(program))}:"$PATH"`
    : installAgain;
}

function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

function howToGet(name: string, env: DoctorContext["outside"]["env"]): string {
  const has = (program: string): boolean => findProgram(program, pathOf(env)) !== undefined;
  if (has("apt-get")) return `sudo apt-get update && sudo apt-get install -y ${name}`;
  if (has("dnf")) return `sudo dnf install -y ${name}`;
  return has("brew") ? `brew install ${name}` : `${name} --version`;
}
