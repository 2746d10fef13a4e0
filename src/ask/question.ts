// One question on a terminal: raw while it is open, as it was before when it is over.
import { openSync } from "node:fs";
import { ReadStream } from "node:tty";
import { HelperError } from "../errors.ts";
import { editLine } from "./line-editor.ts";
import { holdRawMode, type RawMode } from "./raw-mode.ts";

export interface Question {
  readonly text: string;
  readonly hidden: boolean;
  /** Keys that came with the answer before. */
  readonly typedAhead: string;
}

export interface Answer {
  readonly answer: string;
  /** Keys that came with it, for the next question. */
  readonly typedAhead: string;
}

// Between these, a terminal wraps what is pasted in markers, so that its line ends are not taken for Enter.
const markPastes = "\x1b[?2004h";
const leavePastes = "\x1b[?2004l";

/**
 * @param device where keys come from.
 * @param show writes to the screen; must not throw.
 * Throws HelperError `cancelled`, and `bad-token` for an answer longer than any secret.
 */
export async function askQuestion(
  device: string,
  show: (text: string) => void,
  { text, hidden, typedAhead }: Question,
): Promise<Answer> {
  // A stream for each question: an open one would keep reading, and the process alive, between two of them.
  const input = new ReadStream(openSync(device, "r+")).setEncoding("utf8");
  const editor = editLine(hidden);
  let mode: RawMode | undefined;
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const cancel = (message: string) => (cause?: unknown) => {
        reject(new HelperError("cancelled", message, { cause }));
      };
      const take = (keys: string): void => {
        const step = editor.feed(keys);
        show(step.echo);
        if (step.suspend === true) {
          mode?.suspend();
          take(step.rest);
        } else if (step.end === "cancelled") cancel("cancelled")();
        else if (step.end === "too-long") reject(tooLong());
        // What was pasted behind a hidden line may be the rest of the secret: never let it be echoed as the next answer.
        else if (step.end !== undefined)
          resolve({ ...step.end, typedAhead: hidden ? "" : step.rest });
      };
      input.on("error", cancel("the terminal is gone")).once("end", cancel("the terminal is gone"));
      mode = holdRawMode(input, {
        entered: () => {
          show(`${hidden ? markPastes : ""}${text}${editor.shown()}`);
        },
        leaving: () => {
          show(`${hidden ? leavePastes : ""}\n`);
        },
        interrupted: cancel("cancelled"),
      });
      if (typedAhead !== "") take(typedAhead);
      input.on("data", take);
    });
  } finally {
    mode?.release();
    input.destroy();
  }
}

function tooLong(): HelperError {
  return new HelperError("bad-token", "the answer is longer than any token");
}
