// Opens a page where the person sits, if that is here.
import { spawn } from "node:child_process";
import type { Outside } from "../outside.ts";
import { gitEnvironment } from "./child-environment.ts";
import { findProgram, pathOf } from "./find-program.ts";

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
  const [program = "", ...args] = command;
  const child = spawn(program, [...args, address], {
    detached: true,
    stdio: "ignore",
    // Browsers and what starts them look for files where they are.
    cwd: "/",
    env: gitEnvironment(outside.env),
  });
  child.on("error", () => {});
  child.unref();
}
