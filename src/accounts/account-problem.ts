// What is wrong with an account by its record alone, and the next command.
import { checkCommand, doctorCommand } from "../servers/verdict-text.ts";
import { type Account, accountState } from "./account.ts";
import { isDoubtful, isRefused } from "./refusals.ts";

export interface AccountProblem {
  /** A clause without full stop, lower case. */
  readonly message: string;
  /** A command to paste, or a step and a command. */
  readonly hint: string;
}

/**
 * @param now milliseconds since 1970.
 * @returns undefined for an approved account that git was not refused with since.
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
      return refusalProblem(account, now);
    case "unverified":
      return (
        refusalProblem(account, now) ?? {
          message: `the token of account '${account.name}' is not checked yet`,
          hint: nextCommand(account),
        }
      );
    case "expired":
      return {
        message: `the token of account '${account.name}' expired on ${account.expires?.slice(0, 10)}`,
        hint,
      };
    case "rejected":
      return {
        message: `bitbucket rejected the token of account '${account.name}' (401)`,
        hint,
      };
  }
}

/** Where the last check did not get as far as Bitbucket, the next one would not either. */
function nextCommand({ unreached }: Account): string {
  return unreached === true ? doctorCommand : checkCommand;
}

/** The account is served until Bitbucket rejects its token. */
function refusalProblem(account: Account, now: number): AccountProblem | undefined {
  if (!isRefused(account, now)) return undefined;
  const token = `git was refused with the token of account '${account.name}'`;
  return isDoubtful(account, now)
    ? {
        message: `${token} 3 times, and bitbucket could not be asked about it`,
        hint: nextCommand(account),
      }
    : {
        message: `${token}, and bitbucket has not said since what it is worth`,
        hint: nextCommand(account),
      };
}
