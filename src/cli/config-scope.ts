// Which of git's config files configure and unconfigure are about.
import { HelperError } from "../errors.ts";
import type { WritableScope } from "../git/git-configuration.ts";
import type { CommandInput } from "./command.ts";

const scopes = ["local", "global", "system"] as const satisfies readonly WritableScope[];

/** @returns the scope named on the command line, else global. Throws HelperError `usage` for more than one. */
export function configScope(values: CommandInput["values"]): WritableScope {
  const [first = "global", second] = scopes.filter((scope) => values[scope] === true);
  if (second === undefined) return first;
  throw new HelperError("usage", `--${first} and --${second} exclude each other`, {
    hint: "git credential-bitbucket help configure",
  });
}
