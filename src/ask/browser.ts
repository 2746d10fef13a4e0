// Opens a page where the person sits, if that is here.
import type { Outside } from "../outside.ts";
import { programEnvironment } from "../processes/child-environment.ts";
import { findProgram, pathOf } from "../processes/find-program.ts";
import { startInSession } from "../processes/background.ts";

/** @returns the command that opens an address, or undefined over SSH and where there is no screen. Windows and macOS: not tested. */
export function findBrowser({
  env,
  platform,
}: Pick<Outside, "env" | "platform">): readonly string[] | undefined {
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  if (["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"].some(isSet)) return undefined;
  if (platform === "win32") {
    // Not cmd's start: cmd would read the & of an address as its own.
    const program = findProgram("rundll32", pathOf(env, platform), platform);
    return program === undefined ? undefined : [program, "url.dll,FileProtocolHandler"];
  }
  if (platform === "darwin") return ["/usr/bin/open"];
  if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY")) return undefined;
  const program = findProgram("xdg-open", pathOf(env));
  return program === undefined ? undefined : [program];
}

/** Does not wait, and says nothing when it fails: the address stands on the screen. */
export function openInBrowser(
  command: readonly string[],
  address: string,
  outside: Pick<Outside, "env">,
): void {
  startInSession([...command, address], { env: programEnvironment(outside.env) }).unref();
}
