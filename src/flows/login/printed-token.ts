// The token that a command prints, before there is an account that has it printed.
import { HelperError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { commandKey } from "../../secrets/stores/command-key.ts";
import type { Context } from "../context.ts";

/**
 * @param command absolute path and arguments.
 * Throws HelperError `store-unavailable` when it prints none, and `locked`.
 */
export async function printedToken(
  command: readonly string[],
  { openStore }: Pick<Context, "openStore">,
): Promise<Secret> {
  const secret = await (await openStore("command")).get(commandKey("login", command));
  if (secret === undefined)
    throw new HelperError("store-unavailable", "the command prints no token");
  return secret;
}
