// login --with-token and --command: the token comes from elsewhere, the rest from the command line, and nothing is asked.
import { HelperError } from "../errors.ts";
import type { Prompter } from "./prompter.ts";
import type { Secret } from "../secret.ts";

/**
 * @param how the option that says where the token comes from, for hints.
 * @param warn takes what a person would have been asked about.
 */
export function noPrompter(
  how: string,
  token: () => Promise<Secret>,
  warn: (message: string) => void,
): Prompter {
  const missing = (message: string, option: string): HelperError =>
    new HelperError("usage", message, {
      hint: `git credential-bitbucket login ${how} ${option}`,
    });
  return {
    token,
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
