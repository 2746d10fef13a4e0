// Programs of ours in the background: the check of a token after git has its answer, and the daemon.
import { spawn } from "node:child_process";
import type { Environment, Outside } from "../outside.ts";
import { settingRows } from "./setting-rows.ts";

/** What a program in the background needs of its starter. Everything else stays behind: what names the repository git
 * is in (GIT_DIR), the settings of that one call (GIT_CONFIG_PARAMETERS), and a token of the environment. */
const inherited = [
  /^(?:HOME|PATH|USER|LOGNAME|TMPDIR|LANG|LC_\w+|TZ)$/u,
  /^XDG_\w+$/u,
  /^DBUS_SESSION_BUS_ADDRESS$/u,
  /^(?:https?|all|no)_proxy$/iu,
  /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/u,
  // Not what else begins so: a ticket is for one answer of the daemon.
  /^GIT_CREDENTIAL_BITBUCKET_(?:EXTRA_CA_CERTS|FRONT)$/u,
  // Which files git reads is the person's, not the call's: without these it would find other settings.
  /^GIT_(?:CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|SSL_CAINFO)$/u,
  // Windows starts nothing without these; not tested.
  /^(?:SystemRoot|USERPROFILE|APPDATA|LOCALAPPDATA|TEMP|TMP)$/iu,
];

/**
 * Starts this program once more, in a session of its own, and does not wait. It holds nothing of the starter: no
 * descriptor (a pipeline behind git would wait for it), no folder, no terminal, only the environment above.
 *
 * @param args the command line; never a secret.
 * @returns its process id, or undefined when it could not be started.
 */
export function startDetached(
  outside: Pick<Outside, "env" | "script">,
  args: readonly string[],
): number | undefined {
  try {
    const child = spawn(process.execPath, [outside.script, ...args], {
      detached: true,
      stdio: "ignore",
      cwd: "/",
      env: detachedEnvironment(outside.env),
      windowsHide: true,
    });
    child.on("error", ignore);
    child.unref();
    return child.pid;
  } catch {
    return undefined;
  }
}

/** Work in the background is never worth an error: whoever needs it notices that it has not happened. */
function ignore(): void {}

/** @returns the variables that a program in the background gets. */
export function detachedEnvironment(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isInherited(name)));
}

function isInherited(name: string): boolean {
  return (
    settingRows.some(({ env }) => env === name) || inherited.some((pattern) => pattern.test(name))
  );
}
