// A home whose daemon has the secret in memory: what most rows measure.
import { type DaemonHome, openDaemonHome, requestFor, token } from "../daemon/home.ts";
import type { Candidate } from "./measure.ts";

export const secret = token("a");
export const request = requestFor("acme/api.git");
/** What git's own and others' helpers are to keep for it. */
export const login = `${request}username=x-token-auth\npassword=${secret}\n`;
export const answered = (stdout: string) => stdout.includes(`password=${secret}\n`);

/** A get through the front. */
export function get(home: DaemonHome): Candidate {
  return { command: [home.front, "get"], input: request, env: home.env, expected: answered };
}

/** @param use is handed the home and the daemon's process. */
export async function withWarmHome<T>(
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
