// From the command line to a command: finds its row, reads its options, loads it.
import { parseArgs } from "node:util";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import type { CommandInput, CommandRow } from "./command.ts";
import { commands } from "./table.ts";
import { optionProblem, surplusProblem } from "./usage-problem.ts";

/** @returns the exit code. Throws HelperError `usage` for a command line without meaning. */
export async function runCommand(arguments_: readonly string[], outside: Outside): Promise<number> {
  const [first, ...rest] = arguments_;
  if (first === undefined || first === "--help" || first === "-h")
    return await runNamed("help", [], outside);
  if (first === "--version") {
    const { version } = await import("../version.ts");
    outside.stdout.write(`git-credential-bitbucket ${version}\n`);
    return 0;
  }
  if (!commands.some(({ name }) => name === first)) return refuseUnknown(outside);
  if (rest.includes("--help") || rest.includes("-h"))
    return await runNamed("help", [first], outside);
  return await runNamed(first, rest, outside);
}

async function runNamed(
  name: string,
  arguments_: readonly string[],
  outside: Outside,
): Promise<number> {
  const row = commands.find((command) => command.name === name);
  if (row === undefined) throw new Error(`no command ${name}`);
  const input = readInput(row, arguments_);
  const { run } = await row.load();
  return await run(input, outside, commands);
}

type Value = string | boolean | undefined;

function divided(
  values: Readonly<Record<string, Value | readonly Value[]>>,
): Pick<CommandInput, "values" | "lists"> {
  const single: Record<string, Value> = {};
  const lists: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(values))
    if (Array.isArray(value)) lists[name] = value.filter((one) => typeof one === "string");
    else single[name] = value as Value;
  return { values: single, lists };
}

/** Git may grow operations that we do not know, and expects silence; a person at a terminal expects an answer. */
function refuseUnknown(outside: Outside): number {
  if (!("isTTY" in outside.stdin && outside.stdin.isTTY === true)) return 0;
  throw new HelperError("usage", "there is no such command", {
    hint: "git credential-bitbucket help",
  });
}

function readInput(row: CommandRow, arguments_: readonly string[]): CommandInput {
  const hint = `git credential-bitbucket help ${row.name}`;
  try {
    const { values, positionals } = parseArgs({
      args: [...arguments_],
      options: Object.fromEntries(
        Object.entries(row.options).map(([name, { type, short, multiple }]) => [
          name,
          { type, multiple: multiple === true, ...(short !== undefined && { short }) },
        ]),
      ),
      allowPositionals: true,
      strict: true,
    });
    const [least, most] = row.positionals;
    if (positionals.length < least)
      throw new HelperError("usage", `${row.name} needs ${row.usage}`, { hint });
    if (positionals.length > most) throw new HelperError("usage", surplusProblem(row), { hint });
    return { ...divided(values), positionals };
  } catch (error) {
    if (error instanceof HelperError) throw error;
    throw new HelperError("usage", optionProblem(row, arguments_), { hint });
  }
}
