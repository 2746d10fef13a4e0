// Whether a person may be asked. docs/git.md, "When a person may be asked".
import type { Environment, Outside } from "../outside.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * Says nothing about whether there is a terminal: openTerminal does.
 * @param occasion `get` when git asks: there a GIT_ASKPASS program (an editor's dialog) goes before our terminal.
 */
export function mayAsk(
  outside: Pick<Outside, "env">,
  settings: Pick<Settings, "interactive">,
  occasion: "command" | "get" = "command",
): boolean {
  if (!settings.interactive || isInPipeline(outside.env)) return false;
  return occasion === "command" || (outside.env["GIT_ASKPASS"] ?? "") === "";
}

/** Whether this is a job of continuous integration: nobody is there, and the next job may be somebody else's. */
export function isInPipeline(env: Environment): boolean {
  return isOn(env["CI"]);
}

/** CI=true everywhere, CI=1 on some; a person who sets CI=false means it. */
function isOn(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false", "no", "off"].includes(value.toLowerCase());
}
