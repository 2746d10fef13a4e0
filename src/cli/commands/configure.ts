// configure: makes git ask this helper for Bitbucket's hosts, and for no other. docs/design.md, "Commands".
import { accessSync, constants } from "node:fs";
import { HelperError } from "../../errors.ts";
import type { Outside } from "../../outside.ts";
import { openGit } from "../../git/git.ts";
import { printable } from "../../screen/printable.ts";
import { readSettings } from "../../settings/settings.ts";
import type { CommandInput } from "../command.ts";
import { changeConfig, locateConfig } from "../../git/config-file.ts";
import { configScope } from "../config-scope.ts";
import { ownCommand } from "../../git/helper-command.ts";
import { helperLines } from "../../git/helper-lines.ts";
import { warnOfOthers } from "../text/other-helpers.ts";

export async function run({ values }: CommandInput, outside: Outside): Promise<number> {
  const scope = configScope(values);
  const git = openGit(outside);
  const command = runnable(outside);
  const path = await locateConfig(scope, git, outside);
  const { hosts } = await readSettings(outside);
  const changed = await changeConfig(scope, path, helperLines(command, hosts), { git, outside });
  outside.stdout.write(
    changed
      ? `git now asks this helper for ${[...hosts].join(", ")}, as ${printable(path)} says\n`
      : `nothing to do: ${printable(path)} names this helper already\n`,
  );
  await warnOfOthers({ hosts, helper: command }, git, outside);
  await warnOfPath(outside);
  return 0;
}

/** @returns what git is to run. Throws HelperError `system` when git could not run it. */
function runnable(outside: Outside): string {
  const { platform, program, script } = outside;
  try {
    accessSync(platform === "win32" ? script : program, constants.X_OK);
  } catch (error) {
    throw new HelperError("system", `git could not run ${program}: it is not an executable file`, {
      hint: "./install/install.sh",
      cause: error,
    });
  }
  return ownCommand(outside);
}

async function warnOfPath(outside: Outside): Promise<void> {
  const { useHttpPath } = await readSettings(outside);
  if (useHttpPath) return;
  outside.stderr.write(
    [
      "warning: git leaves out the path of a repository, because another file sets useHttpPath to false",
      "hint: git config --show-origin --get-regexp 'credential.*usehttppath'",
    ]
      .map((line) => `git-credential-bitbucket: ${line}\n`)
      .join(""),
  );
}
