// completion: prints what a shell needs to complete the command line, made from the table of commands.
import { HelperError } from "../../errors.ts";
import type { Outside } from "../../outside.ts";
import type { CommandInput, CommandRow } from "../command.ts";
import { bashCompletion } from "../completions/bash.ts";
import { fishCompletion } from "../completions/fish.ts";
import { completedCommands, programSummary } from "../completions/offer.ts";
import { zshCompletion } from "../completions/zsh.ts";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export function run(
  { positionals }: CommandInput,
  outside: Outside,
  commands: readonly CommandRow[],
): Promise<number> {
  const [shell = ""] = positionals;
  if (!Object.hasOwn(shells, shell))
    throw new HelperError("usage", "there are completions for bash, zsh and fish", {
      hint: "git credential-bitbucket completion bash",
    });
  const write = shells[shell as keyof typeof shells];
  outside.stdout.write(write(completedCommands(commands), programSummary));
  return Promise.resolve(0);
}
