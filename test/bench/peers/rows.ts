// The rows of the peers that are installed. None of them counts for more than being shown, but for git's own: that one is
// a figure of the specification.
import type { DaemonHome } from "../../daemon/home.ts";
import { findProgram } from "../find-program.ts";
import { measurePair, type Pair } from "../measure.ts";
import { count, mustBeFaster, type Row, rowNotMeasured, rowOfSpeed } from "../row.ts";
import { get, withWarmHome } from "../warm-home.ts";
import { gh } from "./gh.ts";
import { libsecret } from "./libsecret.ts";
import { oauth } from "./oauth.ts";
import { passGitHelper } from "./pass-git-helper.ts";
import type { Peer } from "./peer.ts";

const others: readonly Peer[] = [oauth, gh, passGitHelper];

/** @returns the name and version of each that is installed. */
export function peerVersions(): readonly string[] {
  return [libsecret, ...others].flatMap((peer) => {
    const program = findPeer(peer);
    return program === undefined ? [] : [`${peer.name} ${peer.version(program)}`];
  });
}

export async function libsecretRow(least: number): Promise<Row> {
  const program = findPeer(libsecret);
  if (program === undefined) return rowNotMeasured(nameOf(libsecret), mustBeFaster(least));
  return rowOfSpeed(nameOf(libsecret), least, await measurePeer(libsecret, program));
}

/** One that cannot be set up here is named on stderr, and the rest of the table comes all the same. */
export async function peerRows(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const peer of others) {
    const program = findPeer(peer);
    if (program === undefined) continue;
    try {
      rows.push(rowOfSpeed(nameOf(peer), undefined, await measurePeer(peer, program)));
    } catch (error) {
      console.error(`${peer.name}: ${(error as Error).message}`);
      rows.push(rowNotMeasured(nameOf(peer), undefined));
    }
  }
  return rows;
}

async function measurePeer(peer: Peer, program: string): Promise<Pair> {
  return await withWarmHome(async (home) => {
    const theirs = await peer.open(program, home, environmentOf(home));
    try {
      return await measurePair(get(home), theirs.get, count);
    } finally {
      await theirs.close();
    }
  });
}

/** @returns the helper's path when all that it needs is there. */
function findPeer({ needs }: Peer): string | undefined {
  return needs.every((name) => findProgram(name) !== undefined) ? findProgram(needs[0]) : undefined;
}

function environmentOf({ env }: DaemonHome): Record<string, string> {
  return { ...env, PATH: process.env["PATH"] ?? "" };
}

function nameOf({ what }: Peer): string {
  return `warm \`get\`, against ${what}`;
}
