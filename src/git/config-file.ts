// A git config file with our lines in it, or without them. git-config(1), FILES.
import * as fs from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { shellWord } from "../screen/shell-word.ts";
import type { WritableScope } from "./git-configuration.ts";
import type { Git } from "./git.ts";
import { changeFile } from "../files/change-file.ts";
import { readConfigText, sameEntries } from "./config-text.ts";
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
  await checkReadable(path, git);
  // Latin-1 keeps every byte, whatever the encoding.
  const added = Buffer.from(lines, "utf8").toString("latin1");
  const change = async (before: string): Promise<string> => {
    const after = withLines(before, added);
    if (after === before) return before;
    const others = (await readConfigText(withoutLines(before), git)) ?? [];
    const ours = (await readConfigText(added, git)) ?? [];
    if (sameEntries(await readConfigText(after, git), [...others, ...ours])) return after;
    // Its last line ends in a backslash, say, and would swallow our first one.
    throw new HelperError("git", `nothing can be added at the end of ${path}`, {
      hint: `tail ${shellWord(path)}`,
    });
  };
  return await changeFile(path, change, { mayBeMissing: true });
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

async function checkReadable(path: string, git: Git): Promise<void> {
  if (!fs.existsSync(path)) return;
  await git.run(["config", "--file", path, "--list"]).catch((error: unknown) => {
    throw new HelperError("git", `git cannot read ${path}`, {
      hint: `git config --file ${shellWord(path)} --list`,
      cause: error,
    });
  });
}
