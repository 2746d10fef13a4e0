// A git config file with our lines in it, or without them. git-config(1), FILES.
import * as fs from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { shellWord } from "../screen/shell-word.ts";
import type { WritableScope } from "./git-configuration.ts";
import type { Git } from "./git.ts";
import { changeFile } from "../files/change-file.ts";
import { readConfigText, sameEntries } from "./config-text.ts";
import {
  includeLines,
  ownLocalSuffix,
  ownSuffix,
  withLines,
  withoutLines,
} from "./helper-lines.ts";

type ConfigOutside = Pick<Outside, "env" | "cwd" | "program">;

/** @returns the path of the file that `git config --SCOPE` would write. Throws HelperError `git`. */
export async function locateConfig(
  scope: WritableScope,
  git: Git,
  outside: ConfigOutside,
): Promise<string> {
  if (scope === "global") return await globalConfig(git, outside);
  // Git names the system file only to an editor, and only git knows where it was built to look.
  const asked =
    scope === "system"
      ? await git.run(["config", "--system", "--edit"], { env: { GIT_EDITOR: "echo" } })
      : await git.run(["rev-parse", "--git-path", "config"], { okExitCodes: [0, 128] });
  if (asked.exitCode === 0) return resolve(outside.cwd, asked.stdout.replace(/\r?\n$/u, ""));
  // Git is asked to take no bare repository that is not named: see safe.bareRepository in git-config.ts.
  if (isBare(outside.cwd))
    throw new HelperError("git", "a bare repository is used only when it is named", {
      hint: "git --git-dir=. credential-bitbucket configure --local",
    });
  throw new HelperError("git", "git finds no repository here", {
    hint: "git rev-parse --git-dir",
  });
}

/**
 * Makes git read these lines, and no others of ours, through a config file. A person's or a repository's file only includes
 * a file of ours, which has the lines: where that is missing, as in a container that the first was copied or mounted into,
 * git asks whom it would ask without us.
 *
 * @param lines none takes all away. The file that repositories include stays, since others may include it.
 * @returns whether something changed.
 * Throws HelperError `git` when git cannot read the file, and `system` when it is locked or cannot be written: then it is as
 * it was.
 */
export async function changeConfig(
  scope: WritableScope,
  path: string,
  lines: string,
  { git, outside }: { readonly git: Git; readonly outside: ConfigOutside },
): Promise<boolean> {
  const own = await ownFile(scope, git, outside);
  if (own === undefined) return await changeLines(path, git, lines);
  if (lines === "") {
    const isChanged = await changeLines(path, git, "", `rm -f ${shellWord(own)}`);
    return (scope === "global" && (await changeLines(own, git, ""))) || isChanged;
  }
  const isNew = !fs.existsSync(own);
  const isOwnChanged = await changeLines(own, git, lines);
  const include = includeLines(fromHome(own, outside.env["HOME"]));
  try {
    return (await changeLines(path, git, include, configureSystem(outside))) || isOwnChanged;
  } catch (error) {
    if (isNew) await changeLines(own, git, "");
    throw error;
  }
}

/** For everybody in a container: its own file is not mounted. */
function configureSystem({ program }: ConfigOutside): string {
  return process.geteuid?.() === 0
    ? "git credential-bitbucket configure --system"
    : `sudo ${shellWord(program)} configure --system`;
}

/**
 * Beside the person's file: who can read that can read ours, and git stops at a file that it may not look at.
 *
 * @returns undefined where lines stand in the config file itself.
 */
async function ownFile(
  scope: WritableScope,
  git: Git,
  outside: ConfigOutside,
): Promise<string | undefined> {
  if (scope === "global") return (await globalConfig(git, outside)) + ownSuffix;
  if (scope === "system") return undefined;
  try {
    return (await globalConfig(git, outside)) + ownLocalSuffix;
  } catch (error) {
    if (error instanceof HelperError) return undefined;
    throw error;
  }
}

/** Each user of a repository, and each machine that a home is copied to, has a file of its own. */
function fromHome(path: string, home: string | undefined): string {
  const below = home === undefined ? ".." : relative(home, path);
  const isBelow = !below.startsWith("..") && !isAbsolute(below);
  // A backslash quotes in git's files.
  return (isBelow ? `~/${below}` : path).replaceAll(sep, "/");
}

/** Makes these lines the only ones of ours in a file. */
async function changeLines(
  path: string,
  git: Git,
  lines: string,
  mountedHint?: string,
): Promise<boolean> {
  await checkReadable(path, git);
  // Latin-1 keeps every byte, whatever the encoding.
  const added = Buffer.from(lines, "utf8").toString("latin1");
  const change = async (before: string, isThere: boolean): Promise<string | undefined> => {
    const after = withLines(isThere ? before : undefined, added);
    if (after === before) return before;
    const others = (await readConfigText(withoutLines(before) ?? "", git)) ?? [];
    const ours = (await readConfigText(added, git)) ?? [];
    if (sameEntries(await readConfigText(after ?? "", git), [...others, ...ours])) return after;
    // Its last line ends in a backslash, say, and would swallow our first one.
    throw new HelperError("git", `nothing can be added at the end of ${path}`, {
      hint: `tail ${shellWord(path)}`,
    });
  };
  return await changeFile(path, change, {
    mayBeMissing: true,
    ...(mountedHint === undefined ? {} : { mountedHint }),
  });
}

function isBare(folder: string): boolean {
  return ["HEAD", "objects", "refs"].every((name) => fs.existsSync(join(folder, name)));
}

/** Git reads GIT_CONFIG_GLOBAL from 2.32 on. git, RelNotes/2.32.0. */
const readsNoNamedGlobal = /^git version 2\.(?:[12]?\d|3[01])\./u;

/** As git chooses: the file at home, unless only the one under XDG can be read. */
async function globalConfig(git: Git, { env, cwd }: ConfigOutside): Promise<string> {
  const named = env["GIT_CONFIG_GLOBAL"];
  if (named !== undefined) {
    const { stdout } = await git.run(["--version"]);
    if (!readsNoNamedGlobal.test(stdout)) return namedConfig(named, cwd);
  }
  const home = env["HOME"];
  if (home === undefined || !isAbsolute(home)) {
    throw new HelperError("system", "HOME is not set, so there is no configuration of yours");
  }
  const own = join(home, ".gitconfig");
  const xdg = join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "git", "config");
  return !canRead(own) && canRead(xdg) ? xdg : own;
}

/** Git takes an empty name for none, and /dev/null is how its manual says that it should read nothing. */
function namedConfig(named: string, cwd: string): string {
  const path = resolve(cwd, named);
  if (named !== "" && (!fs.existsSync(path) || fs.statSync(path).isFile())) return path;
  const message =
    named === ""
      ? "GIT_CONFIG_GLOBAL is empty, so git reads no configuration of yours"
      : `GIT_CONFIG_GLOBAL names ${path}, which is not a regular file`;
  throw new HelperError("system", message, { hint: "unset GIT_CONFIG_GLOBAL" });
}

function canRead(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

async function checkReadable(path: string, git: Git): Promise<void> {
  if (!fs.existsSync(path)) return;
  await git.run(["config", "--file", path, "--list"]).catch((error: unknown) => {
    throw new HelperError("git", `git cannot read ${path}`, {
      hint: `git config --file ${shellWord(path)} --list`,
      cause: error,
    });
  });
}
