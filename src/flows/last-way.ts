// Whether anybody else can bring git a credential once we have none.
import type { ConfigEntry } from "../git/config-entries.ts";
import { helperChain, isAnotherBehind } from "../git/helper-chain.ts";
import { isInPipeline } from "../ask/may-ask.ts";
import type { Context } from "./context.ts";
import { openTerminal } from "../ask/terminal.ts";

/**
 * @returns true when no other helper stands behind this one for the host, and nobody can be asked: not at a terminal, and
 * not by an askpass program, which git starts also where it may not ask at the terminal.
 */
export function isLastWay(
  host: string,
  { config, settings, outside }: Pick<Context, "config" | "settings" | "outside">,
): boolean {
  if (isAnotherBehind(helperChain(config, host))) return false;
  const { env, platform } = outside;
  if (isInPipeline(env)) return true;
  const program = env["GIT_ASKPASS"] ?? askPassOf(config) ?? env["SSH_ASKPASS"];
  if (typeof program === "string" && program !== "") return false;
  if (!settings.interactive) return true;
  const terminal = openTerminal(platform);
  terminal?.close();
  return terminal === undefined;
}

function askPassOf(config: readonly ConfigEntry[]): string | undefined {
  return config.findLast(({ key }) => key === "core.askpass")?.value;
}
