// The options of `login`. Everything that can be wrong with them is told before a token is asked for.
import { parseScope } from "../../accounts/account.ts";
import { checkName } from "../../accounts/account-name.ts";
import { isEmail } from "../../servers/email.ts";
import { HelperError } from "../../errors.ts";
import { parseExpiry } from "../../ask/expiry.ts";
import { hasToken } from "../../screen/redact.ts";
import type { LoginOptions } from "../../flows/login/login.ts";
import { choosableText, readStoreName } from "../../store-names.ts";
import { isAbsolute } from "node:path";
import { commandWords } from "../../processes/command-words.ts";
import { findProgram, pathOf } from "../../processes/find-program.ts";
import type { Outside } from "../../outside.ts";
import type { CommandInput } from "../command.ts";

/** Throws HelperError `usage`. */
export function readLoginOptions(
  values: CommandInput["values"],
  outside: Pick<Outside, "env" | "now" | "platform">,
): LoginOptions {
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const withToken = Object.keys(values).find((name) => hasToken(text(name) ?? ""));
  if (withToken !== undefined)
    throw new HelperError(
      "usage",
      `--${withToken} holds a token: what stands on a command line everybody on this machine can read`,
      { hint: "git credential-bitbucket login" },
    );
  const [account, email, username, store, expires, command] = [
    "account",
    "email",
    "username",
    "store",
    "expires",
    "command",
  ].map(text);
  if (command !== undefined && (store !== undefined || values["with-token"] === true))
    throw usage(
      `--command says where the token is: give no --${store === undefined ? "with-token" : "store"}`,
    );
  if (email !== undefined && !isEmail(email))
    throw usage("--email wants an email address, such as you@example.com");
  if (username !== undefined && !/^[^\s\p{C}:]+$/u.test(username))
    throw usage("--username wants a Bitbucket username");
  const chosen = store === undefined ? undefined : readStoreName(store);
  if (store !== undefined && chosen === undefined) throw usage(`--store is ${choosableText}`);
  return {
    account: account === undefined ? undefined : checkName(account),
    email,
    username,
    scope: parseScope({
      workspace: text("workspace"),
      project: text("project"),
      repository: text("repository"),
    }),
    store: chosen,
    command: command === undefined ? undefined : findCommand(command, outside),
    expires: expires === undefined ? undefined : { at: parseExpiry(expires, outside.now()) },
    validate: values["no-validate"] !== true,
  };
}

/** Its program by an absolute path: what PATH is when git asks, nobody knows. */
function findCommand(
  text: string,
  { env, platform }: Pick<Outside, "env" | "platform">,
): readonly string[] {
  const [name = "", ...args] = commandWords(text, "--command");
  if (isAbsolute(name)) return [name, ...args];
  if (/[\\/]/u.test(name)) throw usage("--command wants a program's name or its absolute path");
  const program = findProgram(name, pathOf(env, platform), platform);
  if (program === undefined) throw usage("there is no such program on PATH as --command names");
  return [program, ...args];
}

function usage(message: string): HelperError {
  return new HelperError("usage", message, { hint: "git credential-bitbucket help login" });
}
