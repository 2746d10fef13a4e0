// Programs of ours in the background: the check of a token after git has its answer, and the daemon.
import { type ChildProcess, spawn } from "node:child_process";
import type { Environment, Outside } from "../outside.ts";
import { emptyCores } from "./cores.ts";
import { formatProxies } from "./handed-proxies.ts";
import { closeInheritedDescriptors } from "./inherited-descriptors.ts";

/** What a program in the background needs of its starter. Everything else stays behind: what names the repository git
 * is in (GIT_DIR), the settings of that one call (GIT_CONFIG_PARAMETERS), and a token of the environment. */
const inherited = [
  /^(?:HOME|PATH|USER|LOGNAME|TMPDIR|LANG|LC_\w+|TZ)$/u,
  /^XDG_\w+$/u,
  /^DBUS_SESSION_BUS_ADDRESS$/u,
  // Not the proxies themselves: handed-proxies.ts.
  /^no_proxy$/iu,
  /^(?:NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_\w+)$/u,
  // Not what else begins so: a ticket is for one answer of the daemon.
  /^GIT_CREDENTIAL_BITBUCKET_(?:EXTRA_CA_CERTS|FRONT)$/u,
  // Which files git reads is the person's, not the call's: without these it would find other settings.
  /^GIT_(?:CONFIG_GLOBAL|CONFIG_SYSTEM|CONFIG_NOSYSTEM|SSL_CAINFO|SSL_CAPATH)$/u,
  // Windows starts nothing without these; not tested.
  /^(?:SystemRoot|USERPROFILE|APPDATA|LOCALAPPDATA|TEMP|TMP)$/iu,
];

/**
 * Starts a program that may outlive this one, in a session of its own, and does not wait. It holds nothing of the starter
 * but what it is handed: no descriptor (a pipeline behind git would wait for it), no folder, no terminal, and it leaves no
 * core, which could hold secrets. Every program that is left running is started here.
 *
 * @param command absolute path and arguments; never a secret.
 * @param options.env all of its environment.
 * @param options.stdin given to it and nothing else; may hold secrets. Default: nothing to read.
 * @param options.stdout `pipe` to read what it prints.
 * @returns the process; when it could not be started, that has no pid and emits `error`.
 */
export function startInSession(
  command: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly stdin?: Uint8Array | undefined;
    readonly stdout?: "ignore" | "pipe";
  },
): ChildProcess {
  closeInheritedDescriptors(process.platform);
  emptyCores(process.platform);
  const { env, stdin, stdout = "ignore" } = options;
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    detached: true,
    stdio: [stdin === undefined ? "ignore" : "pipe", stdout, "ignore"],
    cwd: "/",
    env,
    windowsHide: true,
  });
  // Work in the background is never worth an error: whoever needs it notices that it has not happened.
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  child.stdin?.end(stdin);
  return child;
}

/**
 * Starts this program once more in the background, with the person's proxies on its stdin: see readProxies.
 *
 * @param args the command line; never a secret.
 * @param variables names of variables of ours that it gets besides what every program needs.
 * @returns its process id, or undefined when it could not be started.
 */
export function startDetached(
  outside: Pick<Outside, "env" | "script">,
  args: readonly string[],
  variables: readonly string[],
): number | undefined {
  try {
    const child = startInSession([process.execPath, outside.script, ...args], {
      env: detachedEnvironment(outside.env, variables),
      stdin: formatProxies(outside.env),
    });
    child.unref();
    return child.pid;
  } catch {
    return undefined;
  }
}

/** @returns the variables that a program in the background gets. */
export function detachedEnvironment(
  env: Environment,
  variables: readonly string[],
): NodeJS.ProcessEnv {
  const isInherited = (name: string): boolean =>
    variables.includes(name) || inherited.some((pattern) => pattern.test(name));
  return Object.fromEntries(Object.entries(env).filter(([name]) => isInherited(name)));
}
