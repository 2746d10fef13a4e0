// git's operations where there is no place for accounts: no home, as in many a job, or one that is another user's. The token
// of the environment is all there is, and nothing is kept.
import type { Report } from "../accounts/target.ts";
import { hasDirectories } from "../files/directories.ts";
import type { Outside } from "../outside.ts";
import { hasNoAccounts, lockPlace } from "../secrets/lock.ts";
import { tokenFromEnvironment } from "../settings/environment-token.ts";
import { environmentCredential, environmentTokenFor } from "./environment-credential.ts";
import { eraseOfEnvironment } from "./erase.ts";
import { checkCommand } from "../servers/verdict-text.ts";
import { nothing, type Result } from "./result.ts";

/**
 * @returns undefined where there is a place, and where a `get` without a token is to say what is wrong with it.
 * Throws HelperError `bad-setting` for a token that git's lines could not carry.
 */
export function answerWithoutHome(
  operation: "get" | "store" | "erase",
  request: Report,
  outside: Pick<Outside, "env" | "platform">,
): Result | undefined {
  const { env, platform } = outside;
  if (hasDirectories(env, platform) && !hasNoAccounts(lockPlace(outside))) return undefined;
  if (operation === "store") return nothing;
  const environment = { environmentToken: tokenFromEnvironment(env) };
  // Commands need a home, if only an empty one.
  if (operation === "erase")
    return eraseOfEnvironment(request, environment, `HOME=/ ${checkCommand}`) ?? nothing;
  const token = environmentTokenFor(request, environment);
  return token && environmentCredential(token, request);
}
