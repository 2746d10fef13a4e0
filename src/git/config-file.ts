// A git config file, changed in one step under git's own lock: FILE.lock is made, filled and renamed to FILE, as git does
// for a single key. A crash leaves the old file whole, and no git comes in between. api-lockfile of git; git-config(1), FILES.
import * as fs from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { shellWord } from "../screen/shell-word.ts";
import type { WritableScope } from "./git-configuration.ts";
import type { Git } from "./git.ts";
import { requireOwnFile } from "../files/own-place.ts";
import { withLines, withoutLines } from "./helper-lines.ts";

type ConfigOutside = Pick<Outside, "env" | "cwd">;

/** @returns the path of the file that `git config --SCOPE` would write. Throws HelperError `git`. */
export async function locateConfig(
  scope: WritableScope,
  git: Git,
  outside: ConfigOutside,
): Promise<string> {
  if (scope === "global") return globalConfig(outside);
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
 * Makes these lines the only ones of ours in a config file; none takes all away.
 *
 * @returns whether something changed. A file that would be left empty is removed.
 * Throws HelperError `git` when git cannot read the file, and `system` when it is locked or cannot be written: then
 * nothing changed.
 */
export async function changeConfig(path: string, git: Git, lines: string): Promise<boolean> {
  const file = followLinks(path);
  // Git would make it root's: it writes a new file and keeps no owner.
  requireOwnFile(file);
  const before = readText(file);
  await checkReadable(file, git);
  // Latin-1 keeps every byte, whatever the encoding.
  const added = Buffer.from(lines, "utf8").toString("latin1");
  const after = withLines(before, added);
  if (after === before) return false;
  const others = await listText(withoutLines(before), git);
  if ((await listText(after, git)) !== others + (await listText(added, git))) {
    // Its last line ends in a backslash, say, and would swallow our first one.
    throw new HelperError("git", `nothing can be added at the end of ${file}`, {
      hint: `tail ${shellWord(file)}`,
    });
  }
  replace(file, before, after);
  return true;
}

function isBare(folder: string): boolean {
  return ["HEAD", "objects", "refs"].every((name) => fs.existsSync(join(folder, name)));
}

/** As git chooses: the file at home, unless only the one under XDG can be read. */
function globalConfig({ env, cwd }: ConfigOutside): string {
  const named = env["GIT_CONFIG_GLOBAL"];
  if (named !== undefined && named !== "") return resolve(cwd, named);
  const home = env["HOME"];
  if (home === undefined || !isAbsolute(home)) {
    throw new HelperError("system", "HOME is not set, so there is no configuration of yours");
  }
  const own = join(home, ".gitconfig");
  const xdg = join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "git", "config");
  return !canRead(own) && canRead(xdg) ? xdg : own;
}

function canRead(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** People keep ~/.gitconfig as a link into a repository of theirs: the link stays, its target changes. */
function followLinks(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch (error) {
    if (isCode(error, "ENOENT") && fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      return path;
    }
    throw failed("read", path, error);
  }
}

function readText(path: string): string {
  try {
    return fs.readFileSync(path, "latin1");
  } catch (error) {
    if (isCode(error, "ENOENT")) return "";
    throw failed("read", path, error);
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

/** What git reads in the text; something that no listing equals when it cannot read it. */
async function listText(text: string, git: Git): Promise<string> {
  const input = Buffer.from(text, "latin1");
  const options = { input, okExitCodes: [0, 128] };
  const { stdout, exitCode } = await git.run(
    ["config", "-z", "--no-includes", "--file", "-", "--list"],
    options,
  );
  return exitCode === 0 ? stdout : `unreadable\0${text}`;
}

function replace(path: string, before: string, after: string): void {
  const lock = `${path}.lock`;
  const descriptor = openLock(path, lock);
  try {
    if (readText(path) !== before) {
      throw new HelperError("system", `another program has just changed ${path}`, {
        hint: "git credential-bitbucket configure",
      });
    }
    const mode = fs.statSync(path, { throwIfNoEntry: false })?.mode;
    // Not writeSync(), which may write a part of it where the disk is nearly full.
    fs.writeFileSync(descriptor, Buffer.from(after, "latin1"));
    if (mode !== undefined) fs.fchmodSync(descriptor, mode & 0o7777);
    fs.fsyncSync(descriptor);
    fs.closeSync(descriptor);
    if (after === "") fs.rmSync(path);
    else fs.renameSync(lock, path);
  } catch (error) {
    throw error instanceof HelperError ? error : failed("write", path, error);
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

function openLock(path: string, lock: string): number {
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    return fs.openSync(lock, "wx", 0o666);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw failed("write", path, error);
    // Without a comment behind the command: zsh at a terminal has none, and would remove files of these names.
    throw new HelperError(
      "system",
      `another program is changing ${path}; if no git runs, its lock was left behind`,
      { hint: `rm ${shellWord(lock)}`, cause: error },
    );
  }
}

function failed(verb: string, path: string, error: unknown): HelperError {
  const code = (error as NodeJS.ErrnoException).code ?? "unknown";
  return new HelperError("system", `cannot ${verb} ${path} (${code})`, {
    hint: `ls -l ${shellWord(path)}`,
    cause: error,
  });
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
