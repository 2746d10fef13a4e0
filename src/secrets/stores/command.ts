// The command store: a program prints the token, such as `op read op://work/bitbucket/token`. The command is the key. Others
// make and delete what it prints. docs/design.md, "Stores".
import { HelperError } from "../../errors.ts";
import { isExecutable } from "../../processes/find-program.ts";
import { runProgram } from "../../processes/run-program.ts";
import { printable } from "../../screen/printable.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { Secret } from "../../secret.ts";
import { commandOfKey } from "./command-key.ts";
import { passEnvironment, type PassOptions, unavailable } from "./pass-program.ts";
import type { Store } from "./store.ts";

const limitMilliseconds = 30_000; // a manager on the network, after its own question

export function openCommandStore(options: PassOptions): Store {
  return {
    name: "command",
    isReadOnly: true,
    async get(key) {
      const command = commandOfKey(key);
      if (command === undefined) throw unavailable("the account has no command", loginAgain);
      return await runTokenCommand(command, options);
    },
    set: refuse,
    delete: refuse,
    // Only the accounts know.
    list: () => Promise.resolve([]),
  };
}

/**
 * @param command absolute path and arguments.
 * @returns the first line that it prints. Throws HelperError `store-unavailable`; nothing that it printed is in there.
 */
export async function runTokenCommand(
  command: readonly string[],
  { env, asks }: PassOptions,
): Promise<Secret> {
  const [program = ""] = command;
  if (!isExecutable(program))
    throw unavailable(`${printable(program)} is not there, or no program`, loginAgain);
  // Whatever it is, it may start gpg.
  const end = await runProgram(command, { env: passEnvironment(env, asks), limitMilliseconds });
  const name = `the command ${printable(program)}`;
  // Its own words are for the person's terminal.
  const hint = `${command.map(shellWord).join(" ")} >/dev/null`;
  if (end.how === "late")
    throw unavailable(`${name} did not end within ${limitMilliseconds / 1000} s`, hint);
  if (end.how === "unstarted") throw unavailable(`${name} cannot be started`, hint);
  if (end.exitCode !== 0)
    throw unavailable(`${name} failed (exit code ${end.exitCode ?? "none"})`, hint);
  const token = end.stdout.toString("utf8").split("\n", 1)[0]?.trim() ?? "";
  if (token === "") throw unavailable(`${name} printed nothing in its first line`, hint);
  return new Secret(token);
}

const loginAgain = "git credential-bitbucket help login";

function refuse(): Promise<never> {
  return Promise.reject(
    new HelperError("store-unavailable", "a command's secret is changed where it comes from"),
  );
}
