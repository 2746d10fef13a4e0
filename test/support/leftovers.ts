// What a test's programs leave running in the background: daemons, and checks after an answer.
import { readdir, readFile } from "node:fs/promises";

/**
 * Ends every process that was started with this home, until there is none: one that is just starting would make the
 * folders again that a test removes. Where there is no /proc, they end by themselves when their socket is gone.
 */
export async function endLeftovers(home: string): Promise<void> {
  for (;;) {
    const found = await processesOf(home);
    if (found.length === 0) return;
    for (const pid of found) end(pid);
  }
}

/** @returns the command line of each process that was started with this home, by its id; words divided by blanks. */
export async function commandsOf(home: string): Promise<ReadonlyMap<number, string>> {
  const pids = await processesOf(home);
  const lines = await Promise.all(pids.map((pid) => textOf(pid, "cmdline")));
  return new Map(pids.map((pid, at) => [pid, (lines[at] ?? "").replaceAll("\0", " ").trimEnd()]));
}

/** Also what such a process started with another home, as the front does with git's client. */
async function processesOf(home: string): Promise<readonly number[]> {
  const names = await readdir("/proc").catch(() => []);
  const pids = names.map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const [environments, parents] = await Promise.all([
    Promise.all(pids.map((pid) => textOf(pid, "environ"))),
    Promise.all(pids.map((pid) => textOf(pid, "stat"))),
  ]);
  // As it was at the start: what a process takes out of its environment later stays in there.
  const own = new Set(
    pids.filter((_pid, at) => environments[at]?.split("\0").includes(`HOME=${home}`)),
  );
  return pids.filter((pid, at) => own.has(pid) || own.has(parentIn(parents[at] ?? "")));
}

function textOf(pid: number, file: "cmdline" | "environ" | "stat"): Promise<string> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
}

/** The name in parentheses may hold anything. */
function parentIn(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
