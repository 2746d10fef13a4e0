// login --with-token: the token comes from standard input, everything else from the command line, and nothing is asked.
import type { Readable } from "node:stream";
import { HelperError } from "../errors.ts";
import type { Prompter } from "./prompter.ts";
import { readTokenFromStdin } from "./token.ts";

/** @param warn takes what a person would have been asked about. */
export function noPrompter(stdin: Readable, warn: (message: string) => void): Prompter {
  return {
    token: () => readTokenFromStdin(stdin),
    confirms: async (doubt) => {
      warn(doubt);
      return true;
    },
    email: async (offered) => ({ email: offered, emailCertain: false }),
    username: async () => {
      throw missing("a token of no known kind needs --username", "--username USERNAME");
    },
    scope: async () => {
      throw missing(
        "an access token needs --repository, --project or --workspace",
        "--repository WORKSPACE/REPOSITORY",
      );
    },
    workspace: async () => undefined,
    expires: async () => undefined,
  };
}

function missing(message: string, option: string): HelperError {
  return new HelperError("usage", message, {
    hint: `git credential-bitbucket login --with-token ${option}`,
  });
}
