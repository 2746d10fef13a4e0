// Whether another program can ask this person for a passphrase, and where.
import type { Environment } from "../../outside.ts";
import { terminalName } from "../../processes/terminal-name.ts";
import type { AskPassphrase } from "./identity.ts";
import { canPrompt, type Unlock } from "./keyring-access.ts";

export interface Person {
  /** Their terminal's name; undefined: their screen has to do. */
  readonly terminal?: string | undefined;
}

/** @returns undefined where nobody is, or nobody may be asked. */
export function findPerson(options: {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly unlock?: Unlock | undefined;
  readonly askPassphrase?: AskPassphrase | undefined;
}): Person | undefined {
  const { env, platform, unlock, askPassphrase } = options;
  // Git's own questions go to the terminal alone: a dialog behind a fetch may have nobody in front of it.
  const terminal = askPassphrase === undefined ? undefined : terminalName(env, platform);
  if (terminal !== undefined) return { terminal };
  return unlock === "always" && canPrompt(env, platform) ? {} : undefined;
}
