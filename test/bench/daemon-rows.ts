// What is counted or weighed instead of timed: many at once, memory, network.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openDaemonHome, requestFor } from "../daemon/home.ts";
import { waitFor } from "../support/wait.ts";
import { findProgram } from "./find-program.ts";
import { askMany } from "./questions.ts";
import { type Row, rowNotMeasured } from "./row.ts";
import { answered, request, secret, withWarmHome } from "./warm-home.ts";

export async function crowdRow(): Promise<Row> {
  const home = await openDaemonHome();
  try {
    await home.seed("acme", secret);
    await home.helper(["daemon", "start"]);
    const gets = Array.from({ length: 200 }, (_, index) => home.get(requestFor(`acme/r${index}`)));
    const right = (await Promise.all(gets)).filter(({ stdout }) => answered(stdout)).length;
    const helpers = await home.helperStarts();
    return {
      what: "200 `get`s at once: answered right, reads of the store",
      measured: `${right}, ${helpers}`,
      must: "200, 1",
      holds: right === 200 && helpers === 1,
    };
  } finally {
    await home.close();
  }
}

export async function memoryRow(): Promise<Row> {
  return await withWarmHome(async (home, pid) => {
    await askMany(home, request, 10_000, answered);
    const first = residentMegabytes(pid);
    await askMany(home, request, 10_000, answered);
    const second = residentMegabytes(pid);
    return {
      what: "resident memory of the daemon after 10,000 gets, and after the next 10,000",
      measured: `${first.toFixed(0)} MB, ${second.toFixed(0)} MB`,
      must: "≤ 56 MB, no growth",
      holds: first <= 56 && second <= 56 && second <= first + 2,
    };
  });
}

export async function networkRow(): Promise<Row> {
  const what = "network calls of a warm `get`";
  if (findProgram("strace") === undefined) return rowNotMeasured(what, "0");
  return await withWarmHome(async (home, pid) => {
    const log = join(home.work, "trace");
    const tracer = home.start("strace", [
      "-f",
      "-e",
      "trace=connect",
      "-o",
      `${log}-daemon`,
      "-p",
      String(pid),
    ]);
    await waitFor(() =>
      readFileSync(`/proc/${pid}/status`, "utf8").includes(`TracerPid:\t${tracer.pid}`),
    );
    await home.run("strace", ["-f", "-e", "trace=connect", "-o", log, home.front, "get"], {
      input: request,
    });
    tracer.kill("SIGINT");
    await new Promise((resolve) => tracer.once("close", resolve));
    const calls = readFileSync(log, "utf8") + readFileSync(`${log}-daemon`, "utf8");
    const found = [...calls.matchAll(/sa_family=AF_INET/gu)].length;
    return { what, measured: String(found), must: "0", holds: found === 0 };
  });
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = "0"] =
    /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}
