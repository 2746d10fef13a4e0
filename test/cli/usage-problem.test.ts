// Wrong options, told without repeating what may be a token.
import { expect, test } from "vitest";
import { commands } from "../../src/cli/table.ts";
import { optionProblem, surplusProblem } from "../../src/cli/usage-problem.ts";
import type { CommandRow } from "../../src/cli/command.ts";

function row(name: string): CommandRow {
  const found = commands.find((command) => command.name === name);
  if (found === undefined) throw new Error(`no command ${name}`);
  return found;
}

test.each([
  [["--token"], "login has no option --token"],
  [["-t"], "login has no option -t"],
  [["--account", "work", "--mail=a@example.com"], "login has no option --mail"],
  [["--with-token=abc"], "--with-token takes no value"],
  [["--email"], "--email needs a value"],
  [["--email", "--with-token"], "--email needs a value"],
  [["--constructor"], "login has no option --constructor"],
  [["--ATATT3xFfGF0"], "login does not take these options"],
  [["-ATATT3xFfGF0"], "login does not take these options"],
  [["--abcdefghijklmnopqrstuvwxyz"], "login does not take these options"],
  [["--", "--token"], "login does not take these options"],
])("%j: %s", (words, problem) => {
  expect(optionProblem(row("login"), words)).toBe(problem);
});

test("too many arguments", () => {
  expect(surplusProblem(row("status"))).toBe("status takes options only");
  expect(surplusProblem(row("logout"))).toBe("logout takes one argument");
});
