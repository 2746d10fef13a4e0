// What is measured beside something that every machine with git and Node has.
import { join } from "node:path";
import { type DaemonHome, openDaemonHome } from "../daemon/home.ts";
import { type Candidate, measurePair, type Pair } from "./measure.ts";
import { count } from "./row.ts";
import { get, login, secret, withWarmHome } from "./warm-home.ts";

export async function cachePair(): Promise<Pair> {
  return await withWarmHome(async (home) => {
    const cache = await startCache(home);
    return await measurePair(
      get(home),
      { ...get(home), command: ["git", "credential-cache", "--socket", cache, "get"] },
      count,
    );
  });
}

export async function fillPair(): Promise<Pair> {
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
    return await measurePair(fill(home.front), fill(`cache --socket ${cache}`), count);
  });
}

export async function coldPair(): Promise<Pair> {
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
    return await measurePair({ ...get(home), env }, node, count);
  } finally {
    await home.close();
  }
}

export async function manyAccountsPair(): Promise<Pair> {
  return await withWarmHome(async (few) => {
    return await withWarmHome((many) => measurePair(get(many), get(few), count), 1000);
  });
}

/** git's own cache with the same secret, of the same length and behind the same path. */
async function startCache(home: DaemonHome): Promise<string> {
  const socket = join(home.env["XDG_RUNTIME_DIR"] ?? "", "cache/socket");
  await home.run("git", ["credential-cache", "--socket", socket, "--timeout", "3600", "store"], {
    input: login,
  });
  return socket;
}
