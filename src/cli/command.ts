// What a command is: a row of table.ts and a lazily loaded run().
import type { Outside } from "../outside.ts";

/** What parseArgs made of the command line. */
export interface CommandInput {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
  /** Of options that may be given again and again, in their order. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
}

/** What completions offer in a place: these words, or what there is. */
export type Completes = readonly string[] | "accounts" | "commands" | "folders";

export interface CommandRow {
  readonly name: string;
  /** One line for help. */
  readonly summary: string;
  /** What stands behind the name in the usage line. */
  readonly usage: string;
  readonly options: Readonly<Record<string, OptionRow>>;
  /** How many positionals it takes at least and at most. */
  readonly positionals: readonly [least: number, most: number];
  /** What the positionals can be; left out when nobody can know. */
  readonly completes?: Completes;
  /** One line that can be pasted. */
  readonly example: string;
  /** True for what the program calls by itself: help and completions leave it out. */
  readonly isInternal?: boolean;
  readonly load: () => Promise<{ run: RunCommand }>;
}

/**
 * @param commands the whole table, for those that tell of the others.
 * Resolves to the exit code. Throws HelperError.
 */
export type RunCommand = (
  input: CommandInput,
  outside: Outside,
  commands: readonly CommandRow[],
) => Promise<number>;

export interface OptionRow {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** True for one that may be given again and again. */
  readonly multiple?: true;
  /** Name of the value in usage lines: EMAIL. */
  readonly value?: string;
  /** What the value can be; left out when nobody can know. */
  readonly completes?: Completes;
  readonly summary: string;
}
