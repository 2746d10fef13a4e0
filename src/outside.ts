// The outside as main.ts found it: everything that is not a file or a program comes in through here, so tests can hand in another.
import type { Readable } from "node:stream";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where people read, or a program behind a pipe. */
export interface Screen {
  readonly isTTY?: boolean;
  /**
   * @param text for people, cleaned on the way: see screen/screen.ts. Bytes are an answer for a program, as it is.
   * @param done called when it is out, or with what kept it from that.
   */
  write(text: string | Uint8Array, done?: (error?: Error | null) => void): unknown;
}

export interface Outside {
  readonly env: Environment;
  readonly stdin: Readable;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** Absolute path of the program that git is to run: the installed front, or the script itself without one. */
  readonly program: string;
  /** Absolute path of the JavaScript file that Node runs. */
  readonly script: string;
  /** Absolute path of Node. */
  readonly node: string;
  /** Ends the programs that were started for an answer that nobody waits for any more; never when left out. */
  readonly signal?: AbortSignal;
}
