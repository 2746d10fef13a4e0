// The options of `login`. Everything that can be wrong with them is told before a token is asked for.
import { parseScope } from "../../accounts/account.ts";
import { checkName } from "../../accounts/account-name.ts";
import { isEmail } from "../../servers/email.ts";
import { HelperError } from "../../errors.ts";
import { parseExpiry } from "../../ask/expiry.ts";
import { hasToken } from "../../screen/redact.ts";
import type { LoginOptions } from "../../flows/login/login.ts";
import { choosableText, readStoreName } from "../../store-names.ts";
import type { CommandInput } from "../command.ts";

/** @param now milliseconds since 1970. Throws HelperError `usage`. */
export function readLoginOptions(values: CommandInput["values"], now: number): LoginOptions {
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
  const [account, email, username, store, expires] = [
    "account",
    "email",
    "username",
    "store",
    "expires",
  ].map(text);
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
    expires: expires === undefined ? undefined : { at: parseExpiry(expires, now) },
    validate: values["no-validate"] !== true,
  };
}

function usage(message: string): HelperError {
  return new HelperError("usage", message, { hint: "git credential-bitbucket help login" });
}
