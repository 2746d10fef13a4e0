// Starting the daemon from the helper: detached, holding nothing of its starter, and one for fifty who need it.
import { spawn, type ChildProcess } from "node:child_process";
import { open, stat, unlink } from "node:fs/promises";
import type { Outside } from "../outside.ts";
import { detachedEnvironment } from "../system/process.ts";
import { type Address, prepareAddress } from "./address.ts";

/** A start takes a tenth of this; a mark that is older was left by one that was killed. */
const startMilliseconds = 10_000;

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
  child.stdin?.on("error", () => {});
  child.stdin?.end(report);
  child.unref();
}

/**
 * Starts a daemon and waits until it answers, or says why it cannot.
 * @returns what it printed: readyLine, or words for people.
 */
export async function startAndWait(
  outside: Pick<Outside, "env" | "script">,
  address: Address,
): Promise<string> {
  await prepareAddress(address);
  const child = spawnDaemon(outside, "pipe");
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

/** The daemon says that it is up, or that it will not be. */
export async function unmarkStart(address: Address): Promise<void> {
  await unlink(address.starting).catch(() => {});
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

/** @returns false when another one is at it. */
async function markStart(address: Address): Promise<boolean> {
  for (const attempt of [1, 2]) {
    try {
      await (await open(address.starting, "wx", 0o600)).close();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") return false;
      const made = await stat(address.starting).catch(() => undefined);
      if (attempt === 2 || (made !== undefined && Date.now() - made.mtimeMs < startMilliseconds)) {
        return false;
      }
      await unmarkStart(address);
    }
  }
  return false;
}
