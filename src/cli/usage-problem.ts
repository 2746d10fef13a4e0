// What is wrong with a command line, in our words: parseArgs quotes what was typed, and that may be a token.
import type { CommandRow } from "./command.ts";

/** An option as people type it; anything longer or odder may be a secret and is not repeated. */
const plainOption = /^--?[a-z][a-z-]{0,19}$/u;

/** @returns a sentence about the first option that this command cannot make sense of. */
export function optionProblem(row: CommandRow, arguments_: readonly string[]): string {
  for (const [index, argument] of arguments_.entries()) {
    if (argument === "--") break;
    const [option = ""] = argument.split("=");
    if (!option.startsWith("-") || !plainOption.test(option)) continue;
    const known = Object.hasOwn(row.options, option.slice(2)) && option.startsWith("--");
    if (!known) return `${row.name} has no option ${option}`;
    const takesValue = row.options[option.slice(2)]?.type === "string";
    if (!takesValue && argument.includes("=")) return `${option} takes no value`;
    const next = arguments_[index + 1] ?? "-";
    if (takesValue && !argument.includes("=") && next.startsWith("-"))
      return `${option} needs a value`;
  }
  return `${row.name} does not take these options`;
}

/** @returns a sentence about too many arguments. */
export function surplusProblem({ name, positionals: [, most] }: CommandRow): string {
  if (most === 0) return `${name} takes options only`;
  return `${name} takes ${most === 1 ? "one argument" : `${most} arguments`}`;
}
