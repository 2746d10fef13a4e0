// One line that changes while one waits, where a person sees it.
import type { Outside } from "../../outside.ts";
import { ownSequence } from "../../screen/screen.ts";

export interface Progress {
  readonly show: (text: string) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

const clearLine = "\r\x1b[K";
/** A terminal would be the slower one. */
const pauseMilliseconds = 50;

/** @param text shorter than a line of a terminal. Shows nothing where stderr is no terminal. */
export function openProgress({
  stderr,
  env,
  now,
}: Pick<Outside, "stderr" | "env" | "now">): Progress {
  const isTerminal = stderr.isTTY === true && env["TERM"] !== "dumb";
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (text) => {
      if (!isTerminal || now() - last < pauseMilliseconds) return;
      last = now();
      stderr.write(`${ownSequence(clearLine)}${text}`);
    },
    clear: () => {
      if (isTerminal) stderr.write(ownSequence(clearLine));
      last = Number.NEGATIVE_INFINITY;
    },
  };
}
