// What the completions of all shells have in common: which words and options there are, out of the table of commands.
import type { CommandRow, Completes, OptionRow } from "../command.ts";

/** What stands in a place: these words, names of accounts, folders, or a value nobody can know. */
export type Offer =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "accounts" }
  | { readonly kind: "folders" }
  | { readonly kind: "unknown" };

export interface CompletedOption {
  readonly flag: string;
  readonly summary: string;
  /** Name of the value, and what it can be; undefined for an option without one. */
  readonly value: { readonly name: string; readonly offer: Offer } | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What stands behind the command besides options; undefined when it takes nothing. */
  readonly operand: Offer | undefined;
}

/** One line for lists of programs. */
export const programSummary = "Git credential helper for Bitbucket Cloud";

/** Prints the names of accounts, one a line; nothing else of them. */
export const accountsCommand = "git-credential-bitbucket accounts";

/** @returns the commands that people type. */
export function completedCommands(rows: readonly CommandRow[]): readonly CompletedCommand[] {
  const typed = rows.filter(({ isInternal }) => isInternal !== true);
  const names = typed.map(({ name }) => name);
  return typed.map(({ name, summary, options, positionals, completes }) => ({
    name,
    summary,
    options: Object.entries(options).map(([flag, option]) => completedOption(flag, option, names)),
    operand: positionals[1] === 0 ? undefined : offer(completes, names),
  }));
}

function completedOption(
  flag: string,
  { summary, value, completes }: OptionRow,
  names: readonly string[],
): CompletedOption {
  return {
    flag: `--${flag}`,
    summary,
    value: value === undefined ? undefined : { name: value, offer: offer(completes, names) },
  };
}

function offer(completes: Completes | undefined, names: readonly string[]): Offer {
  if (completes === undefined) return { kind: "unknown" };
  if (completes === "commands") return { kind: "words", words: names };
  if (completes === "accounts" || completes === "folders") return { kind: completes };
  return { kind: "words", words: completes };
}
