// Another credential helper, measured where it happens to be installed.
import type { DaemonHome } from "../../daemon/home.ts";
import type { Candidate } from "../measure.ts";

export interface Peer {
  readonly name: string;
  /** Programs it does not work without. The first is the helper itself. */
  readonly needs: readonly [string, ...string[]];
  /** The row's name, behind "warm `get`, against". */
  readonly what: string;
  /** @returns the version of the helper at that path, for the line above the table. */
  version(program: string): string;
  /**
   * Gives it a login to answer with, all inside the home.
   * @param env what it runs in, with the PATH on which its programs were found.
   */
  open(program: string, home: DaemonHome, env: Environment): Promise<OpenPeer>;
}

export type Environment = Readonly<Record<string, string>>;

export interface OpenPeer {
  readonly get: Candidate;
  /** Ends what it started in the background. */
  close(): Promise<void>;
}

/** For those that could use the network: whatever they tried would fail at once. */
export const noNetwork: Environment = {
  http_proxy: "http://127.0.0.1:9",
  https_proxy: "http://127.0.0.1:9",
};
