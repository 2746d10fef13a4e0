// Starting the daemon from the helper: detached, holding nothing of its starter, and one for fifty who need it.
import { spawn, type ChildProcess } from "node:child_process";
import type { Outside } from "../outside.ts";
import { detachedEnvironment } from "../system/process.ts";
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
  const child = spawnDaemon(outside, "ignore");
  handOnStart(address, child.pid);
  child.stdin?.on("error", () => {});
  child.stdin?.end(report);
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
  const child = spawnDaemon(outside, "pipe");
  handOnStart(address, child.pid);
  child.stdin?.end();
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

/** A core of it would hold secrets, so it may not leave one. */
function spawnDaemon(
  outside: Pick<Outside, "env" | "script">,
  stdout: "ignore" | "pipe",
): ChildProcess {
  const limits = 'ulimit -c 0; exec "$0" "$@"';
  const program = [process.execPath, ...nodeFlags, outside.script, "daemon", "background"];
  return spawn("/bin/sh", ["-c", limits, ...program], {
    detached: true,
    cwd: "/",
    env: daemonEnvironment(outside.env),
    stdio: ["pipe", stdout, "ignore"],
  });
}

/** Without certificates: it does not use the network, and reading them is most of a start. */
function daemonEnvironment(env: Outside["env"]): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _certificates, ...rest } = detachedEnvironment(env);
  return rest;
}
