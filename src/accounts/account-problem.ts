// What is wrong with an account by its record alone, and the next command.
import { type Account, accountState } from "./account.ts";

export interface AccountProblem {
  /** A clause without full stop, lower case. */
  readonly message: string;
  /** A command to paste, or a step and a command. */
  readonly hint: string;
}

/**
 * @param now milliseconds since 1970.
 * @returns undefined for an approved account.
 */
export function accountProblem(account: Account, now: number): AccountProblem | undefined {
  if (account.kind === "app-password")
    return {
      message: `account '${account.name}' holds an app password, and these stopped working on 28 July 2026`,
      hint: `git credential-bitbucket login --account ${account.name} && git credential-bitbucket migrate`,
    };
  const hint = `make a new one and run: git credential-bitbucket login --account ${account.name}`;
  switch (accountState(account, now)) {
    case "approved":
      return undefined;
    case "unverified":
      return {
        message: `the token of account '${account.name}' is not checked yet`,
        hint: "git credential-bitbucket status --check",
      };
    case "expired":
      return {
        message: `the token of account '${account.name}' expired on ${account.expires?.slice(0, 10)}`,
        hint,
      };
    case "rejected":
      return account.rejectedBy === "git"
        ? {
            message: `git could not log in with the token of account '${account.name}', and bitbucket has not confirmed it since`,
            hint: "git credential-bitbucket status --check",
          }
        : {
            message: `bitbucket rejected the token of account '${account.name}' (401)`,
            hint,
          };
  }
}
