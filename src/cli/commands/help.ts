// help: the commands, or one command's options, out of the table.
import { HelperError } from "../../errors.ts";
import type { Outside } from "../../outside.ts";
import type { CommandInput, CommandRow, OptionRow } from "../command.ts";

const indent = "  ";

export async function run(
  { positionals }: CommandInput,
  outside: Outside,
  commands: readonly CommandRow[],
): Promise<number> {
  const [name] = positionals;
  outside.stdout.write(name === undefined ? overview(commands) : describe(find(name, commands)));
  return 0;
}

function find(name: string, commands: readonly CommandRow[]): CommandRow {
  const row = commands.find((command) => command.name === name);
  if (row !== undefined) return row;
  throw new HelperError("usage", "there is no such command", {
    hint: "git credential-bitbucket help",
  });
}

function overview(commands: readonly CommandRow[]): string {
  return [
    "Git credential helper for Bitbucket: the right username and the right token for every repository.",
    "",
    "usage: git credential-bitbucket COMMAND [OPTIONS]",
    "",
    ...columns(
      commands
        .filter(({ isInternal }) => isInternal !== true)
        .map(({ name, summary }) => [name, summary]),
    ),
    "",
    "Git itself calls get, store, erase and capability.",
    "More on one command: git credential-bitbucket help COMMAND",
    "The manual: git help credential-bitbucket",
    "",
  ].join("\n");
}

function describe(row: CommandRow): string {
  const options = Object.entries(row.options).map(([name, option]): [string, string] => [
    optionText(name, option),
    option.summary,
  ]);
  return [
    `usage: git credential-bitbucket ${[row.name, row.usage].join(" ").trimEnd()}`,
    "",
    `${row.summary[0]?.toUpperCase()}${row.summary.slice(1)}.`,
    "",
    ...(options.length > 0 ? [...columns(options), ""] : []),
    `example: ${row.example}`,
    "",
  ].join("\n");
}

function optionText(name: string, { value, short }: OptionRow): string {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + indent.length;
  return rows.map(([left, right]) => `${indent}${left.padEnd(width)}${right}`);
}
