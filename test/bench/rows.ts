// The rows of the table: what is measured, against what, and what it must be.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DaemonHome, openDaemonHome, requestFor, token } from "../daemon/home.ts";
import { openKeyring } from "../support/keyring.ts";
import { waitFor } from "../support/wait.ts";
import { type Candidate, measurePair, type Pair } from "./measure.ts";
import { askMany } from "./questions.ts";

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly against?: string;
  readonly ratio?: string;
  readonly must: string;
  /** Undefined when a program that it needs is not installed. */
  readonly holds: boolean | undefined;
}

const count = 60;
const secret = token("a");
const request = requestFor("acme/api.git");
const answered = (stdout: string) => stdout.includes(`password=${secret}\n`);

export async function readRows(): Promise<readonly Row[]> {
  return [
    await against(
      count,
      "warm `get` through the front, against `git credential-cache get`",
      2,
      cachePair,
    ),
    await against(count, "whole `git credential fill`, against helper `cache`", 1.5, fillPair),
    await libsecretRow(),
    await against(
      count,
      "cold `get` (no daemon, secret in `file`), against `node` doing nothing",
      3,
      coldPair,
    ),
    await against(
      count,
      "warm `get` with 1,000 accounts, against 1 account",
      1.2,
      manyAccountsPair,
    ),
    await crowdRow(),
    await memoryRow(),
    await networkRow(),
  ];
}

async function against(
  times: number,
  what: string,
  most: number,
  pair: (times: number) => Promise<Pair>,
): Promise<Row> {
  const { one, other, ratio } = await pair(times);
  return {
    what,
    measured: milliseconds(one),
    against: milliseconds(other),
    ratio: `${ratio.toFixed(2)}×`,
    must: `≤ ${most.toFixed(1)}×`,
    holds: ratio <= most,
  };
}

async function cachePair(times: number): Promise<Pair> {
  return await withWarmHome(async (home) => {
    const cache = await startCache(home);
    return await measurePair(
      get(home),
      { ...get(home), command: ["git", "credential-cache", "--socket", cache, "get"] },
      times,
    );
  });
}

async function fillPair(times: number): Promise<Pair> {
  return await withWarmHome(async (home) => {
    const cache = await startCache(home);
    const fill = (helper: string): Candidate => ({
      ...get(home),
      command: [
        "git",
        "-c",
        "credential.helper=",
        "-c",
        "credential.useHttpPath=true",
        "-c",
        `credential.helper=${helper}`,
        "credential",
        "fill",
      ],
    });
    return await measurePair(fill(home.front), fill(`cache --socket ${cache}`), times);
  });
}

async function coldPair(times: number): Promise<Pair> {
  const home = await openDaemonHome(false);
  try {
    await home.seed("acme", secret);
    const env = { ...home.env, GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" };
    const node: Candidate = {
      command: [process.execPath, "-e", "0"],
      input: "",
      env: home.env,
      expected: () => true,
    };
    return await measurePair({ ...get(home), env }, node, times);
  } finally {
    await home.close();
  }
}

async function manyAccountsPair(times: number): Promise<Pair> {
  return await withWarmHome(async (few) => {
    return await withWarmHome((many) => measurePair(get(many), get(few), times), 1000);
  });
}

/** git's own C helper is not in every package of git; where it is missing, this row is not measured. */
async function libsecretRow(): Promise<Row> {
  const what =
    "warm `get`, against git's C libsecret helper reading the same secret from Secret Service";
  const helper = findHelper("git-credential-libsecret");
  if (helper === undefined) return { what, measured: "", must: "≥ 5× faster", holds: undefined };
  return await withWarmHome(async (home) => {
    const keyring = await openKeyring(home.env, "unlocked");
    try {
      const stored = `${request}username=x-token-auth\npassword=${secret}\n`;
      execFileSync(helper, ["store"], { env: keyring.env, input: stored });
      const theirs: Candidate = { ...get(home), command: [helper, "get"], env: keyring.env };
      const { one, other, ratio } = await measurePair(get(home), theirs, count);
      return {
        what,
        measured: milliseconds(one),
        against: milliseconds(other),
        ratio: `${(1 / ratio).toFixed(1)}× faster`,
        must: "≥ 5× faster",
        holds: 1 / ratio >= 5,
      };
    } finally {
      await keyring.close();
    }
  });
}

async function crowdRow(): Promise<Row> {
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

async function memoryRow(): Promise<Row> {
  return await withWarmHome(async (home, pid) => {
    await askMany(home, request, 10_000, answered);
    const first = residentMegabytes(pid);
    await askMany(home, request, 10_000, answered);
    const second = residentMegabytes(pid);
    return {
      what: "resident memory of the daemon after 10,000 gets, and after the next 10,000",
      measured: `${first.toFixed(0)} MB, ${second.toFixed(0)} MB`,
      must: "≤ 60 MB, no growth",
      holds: first <= 60 && second <= 60 && second <= first + 2,
    };
  });
}

async function networkRow(): Promise<Row> {
  const what = "network calls of a warm `get`";
  if (findHelper("strace") === undefined)
    return { what, measured: "", must: "0", holds: undefined };
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

function get(home: DaemonHome): Candidate {
  return { command: [home.front, "get"], input: request, env: home.env, expected: answered };
}

async function withWarmHome<T>(
  use: (home: DaemonHome, pid: number) => Promise<T>,
  accounts = 1,
): Promise<T> {
  const home = await openDaemonHome(false);
  try {
    await home.seedMany(accounts, secret);
    await home.get(request);
    return await use(home, await home.untilWarm());
  } finally {
    await home.close();
  }
}

/** git's own cache with the same secret, of the same length and behind the same path. */
async function startCache(home: DaemonHome): Promise<string> {
  const socket = join(home.env["XDG_RUNTIME_DIR"] ?? "", "cache/socket");
  const input = `${request}username=x-token-auth\npassword=${secret}\n`;
  await home.run("git", ["credential-cache", "--socket", socket, "--timeout", "3600", "store"], {
    input,
  });
  return socket;
}

function findHelper(name: string): string | undefined {
  const folders = [
    execFileSync("git", ["--exec-path"], { encoding: "utf8" }).trim(),
    ...(process.env["PATH"] ?? "").split(":"),
  ];
  return folders.map((folder) => join(folder, name)).find(isThere);
}

function isThere(file: string): boolean {
  try {
    readFileSync(file).subarray(0, 1);
    return true;
  } catch {
    return false;
  }
}

function residentMegabytes(pid: number): number {
  const [, kilobytes = "0"] =
    /VmRSS:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}
