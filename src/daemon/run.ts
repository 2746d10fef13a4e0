// The daemon's process: cuts off what it was started from, serves, and ends. credential-cache--daemon and ssh-agent do the same.
import { join } from "node:path";
import { openRegistry } from "../accounts/registry.ts";
import { HelperError } from "../errors.ts";
import type { Environment, Outside } from "../outside.ts";
import { emptyCores } from "../processes/cores.ts";
import { directories } from "../files/directories.ts";
import { closeInheritedDescriptors } from "../processes/inherited-descriptors.ts";
import { type Address, findAddress, prepareAddress } from "./address.ts";
import { readReport, takeReport } from "./answer-helper.ts";
import { type Memory, openMemory } from "./memory.ts";
import { readPrivately } from "./private-reads.ts";
import { startServer } from "./server.ts";
import { readyLine } from "./start.ts";
import { markStart, unmarkStart } from "./start-mark.ts";
import { joinBytes } from "./wire.ts";

const firstInheritedFd = 3; // sd_listen_fds(3), SD_LISTEN_FDS_START
const largestReportBytes = 200_000;

/**
 * @param background true when startInBackground or startAndWait started it: a first report comes on stdin, and stdout
 * hears when it is ready.
 * Resolves to the exit code when the daemon has left. Throws HelperError `system` when it has no place.
 */
export async function runDaemon(outside: Outside, background: boolean): Promise<number> {
  const address = findAddress(outside.env, outside.platform);
  const { data } = directories(outside.env, outside.platform);
  const inheritedFd = findInheritedFd(outside.env);
  detach(outside.platform, inheritedFd);
  const registryPath = join(data, "accounts.json");
  const registry = openRegistry(registryPath);
  const memory = openMemory({ data, registryPath, registry, now: outside.now });
  try {
    if (background) takeFirstReport(await readAll(outside.stdin), memory);
    else await markOwnStart(address);
    const daemon = await startServer({ address, memory, script: outside.script, inheritedFd });
    if (daemon === undefined) {
      outside.stdout.write(background ? readyLine : "a daemon runs already\n");
      return 0;
    }
    obeySignals(daemon.leave, () => {
      memory.cache.drop(() => true);
    });
    if (background) outside.stdout.write(readyLine);
    await unmarkStart(address);
    await daemon.left;
    return 0;
  } finally {
    await unmarkStart(address);
  }
}

/** Whoever starts one in the background has done it. Where another start is under way, that one is seen. */
async function markOwnStart(address: Address): Promise<void> {
  await prepareAddress(address);
  await markStart(address);
}

/** @returns the socket that systemd opened for us, if any. */
function findInheritedFd(env: Environment): number | undefined {
  const isForUs = env["LISTEN_PID"] === String(process.pid) && env["LISTEN_FDS"] === "1";
  return isForUs ? firstInheritedFd : undefined;
}

/**
 * Nothing of the starter's stays: no folder kept busy, no variable with a token, no file open to others, no descriptor but
 * the socket that systemd opened. No core either: a unit of an older installation does not say so.
 */
function detach(platform: NodeJS.Platform, inheritedFd: number | undefined): void {
  closeInheritedDescriptors(platform, inheritedFd);
  emptyCores(platform);
  process.umask(0o077);
  process.chdir("/");
  for (const name of Object.keys(process.env)) delete process.env[name];
}

function obeySignals(leave: () => void, forgetAll: () => void): void {
  process.on("SIGTERM", leave);
  process.on("SIGINT", leave);
  // As gpg-agent: forget, and go on.
  process.on("SIGHUP", forgetAll);
  // Node would open its debugger, through which anybody on this machine could read the memory.
  process.on("SIGUSR1", () => {});
}

/** Before the first question: who locks or ends a daemon that is just starting finds the secret or none. */
function takeFirstReport(bytes: Buffer, memory: Memory): void {
  try {
    const report = readReport(bytes);
    if (report !== undefined) takeReport(report, undefined, memory);
  } catch (error) {
    // Half of one: the helper was killed while it wrote.
    if (!(error instanceof HelperError)) throw error;
  } finally {
    bytes.fill(0);
  }
}

async function readAll(stdin: Outside["stdin"]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let total = 0;
  await new Promise<void>((resolve) => {
    const stream = readPrivately(stdin, (piece) => {
      pieces.push(piece);
      total += piece.length;
      if (total > largestReportBytes) stream.destroy();
    });
    stream.once("end", resolve);
    stream.once("close", resolve);
    stream.once("error", resolve);
  });
  const bytes = joinBytes(pieces);
  for (const piece of pieces) piece.fill(0);
  return bytes;
}
