// The daemon's process: cuts off what it was started from, serves, and ends. credential-cache--daemon and ssh-agent do the same.
import { join } from "node:path";
import { openRegistry } from "../accounts/registry.ts";
import type { Environment, Outside } from "../outside.ts";
import { directories } from "../system/directories.ts";
import { findAddress } from "./address.ts";
import { readReport, takeReport } from "./answer-helper.ts";
import { openMemory } from "./memory.ts";
import { startServer } from "./server.ts";
import { readyLine, unmarkStart } from "./start.ts";

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
  detach();
  const registryPath = join(data, "accounts.json");
  const registry = openRegistry(registryPath);
  const memory = openMemory({ data, registryPath, registry, now: outside.now });
  const report = background ? await readAll(outside.stdin) : Buffer.alloc(0);
  try {
    const daemon = await startServer({ address, memory, script: outside.script, inheritedFd });
    if (daemon === undefined) {
      outside.stdout.write(background ? readyLine : "a daemon runs already\n");
      return 0;
    }
    const first = readReport(report);
    if (first !== undefined) takeReport(first, undefined, memory);
    obeySignals(daemon.leave, () => {
      memory.cache.drop(() => true);
    });
    if (background) outside.stdout.write(readyLine);
    await unmarkStart(address);
    await daemon.left;
    return 0;
  } finally {
    if (background) await unmarkStart(address);
  }
}

/** @returns the socket that systemd opened for us, if any. */
function findInheritedFd(env: Environment): number | undefined {
  const isForUs = env["LISTEN_PID"] === String(process.pid) && env["LISTEN_FDS"] === "1";
  return isForUs ? firstInheritedFd : undefined;
}

/** Nothing of the starter's stays: no folder kept busy, no variable with a token, no file open to others. */
function detach(): void {
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

async function readAll(stream: Outside["stdin"]): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let total = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    pieces.push(piece);
    total += piece.length;
    if (total > largestReportBytes) break;
  }
  return Buffer.concat(pieces);
}
