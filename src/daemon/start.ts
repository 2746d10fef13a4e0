// Starting the daemon from the helper: detached, holding nothing of its starter, and one for fifty who need it.
import type { ChildProcess } from "node:child_process";
import type { Outside } from "../outside.ts";
import { startInSession } from "../processes/background.ts";
import { type Address, prepareAddress } from "./address.ts";
import { handOnStart, markStart } from "./start-mark.ts";

/** What `daemon background` prints when it answers. */
export const readyLine = "ready\n";

/**
 * Starts a daemon unless somebody else is doing so, and does not wait for it: its first report goes along.
 * @param report what it is to know from the beginning, as for the question `offer`; may hold a secret.
 * Throws HelperError `system` when the folder of the socket is not ours alone.
 */
export async function startInBackground(
  outside: Pick<Outside, "env" | "script">,
  address: Address,
  report: Uint8Array,
): Promise<void> {
  await prepareAddress(address);
  if (!(await markStart(address))) return;
  const child = spawnDaemon(outside, report, "ignore");
  handOnStart(address, child.pid);
  child.unref();
}

/**
 * Starts a daemon and waits until it answers, or says why it cannot. The start has been marked, see start-mark.ts.
 * @returns what it printed: readyLine, or words for people.
 */
export async function startAndWait(
  outside: Pick<Outside, "env" | "script">,
  address: Address,
): Promise<string> {
  const child = spawnDaemon(outside, new Uint8Array(), "pipe");
  handOnStart(address, child.pid);
  const printed: Buffer[] = [];
  const isReady = () => Buffer.concat(printed).toString("utf8") === readyLine;
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.stdout?.on("data", (piece: Buffer) => {
      printed.push(piece);
      if (isReady()) resolve();
    });
    child.stdout?.once("close", resolve);
  });
  child.stdout?.destroy();
  child.unref();
  return Buffer.concat(printed).toString("utf8");
}

/**
 * The young generation small: without that, rubbish of 10,000 answers makes 86 MB of the 57. Compiled simply, and at
 * once: a daemon that is asked now and then answers 0.1 ms sooner. Measured with Node 20; the units have them, too.
 */
const nodeFlags = ["--max-semi-space-size=1", "--no-opt", "--always-sparkplug"];

/** A core of it would hold secrets, so it may not leave one, also where this process was not started by the front. */
function spawnDaemon(
  outside: Pick<Outside, "env" | "script">,
  report: Uint8Array,
  stdout: "ignore" | "pipe",
): ChildProcess {
  const limits = 'ulimit -c 0; exec "$0" "$@"';
  const program = [process.execPath, ...nodeFlags, outside.script, "daemon", "background"];
  return startInSession(["/bin/sh", "-c", limits, ...program], {
    env: daemonEnvironment(outside.env),
    stdin: report,
    stdout,
  });
}

/**
 * Where its files lie, and no more: a stranger's secret would stay in its environment for as long as it runs. It does not
 * use the network, so it needs no proxy and no certificates; those that ask tell it their settings.
 */
function daemonEnvironment(env: Outside["env"]): NodeJS.ProcessEnv {
  const needed = /^(?:HOME|PATH|USER|LOGNAME|LANG|LC_\w+|TZ|XDG_\w+)$/u;
  return Object.fromEntries(Object.entries(env).filter(([name]) => needed.test(name)));
}
