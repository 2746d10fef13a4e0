// unconfigure: takes away what configure added; what stood there before it counts again. docs/design.md, "Commands".
import type { Outside } from "../../outside.ts";
import { openGit } from "../../git/git.ts";
import { printable } from "../../screen/printable.ts";
import type { CommandInput } from "../command.ts";
import { changeConfig, locateConfig } from "../../git/config-file.ts";
import { configScope } from "../config-scope.ts";

export async function run({ values }: CommandInput, outside: Outside): Promise<number> {
  const git = openGit(outside);
  const scope = configScope(values);
  const path = await locateConfig(scope, git, outside);
  const changed = await changeConfig(scope, path, "", { git, outside });
  outside.stdout.write(
    changed
      ? `git no longer asks this helper, as far as ${printable(path)} goes\n`
      : `nothing to do: configure has added nothing to ${printable(path)}\n`,
  );
  return 0;
}
