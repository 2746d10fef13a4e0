// Questions on /dev/tty, never on stdin or stdout: git owns those. docs/git.md, "When a person may be asked".
import { closeSync, openSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { HelperError } from "../errors.ts";
import { askQuestion } from "./question.ts";
import { screenText } from "../screen/screen.ts";

export interface AskOptions {
  /** The answer is not echoed. */
  readonly hidden?: boolean;
}

export interface Terminal {
  /** Writes text, cleaned as screenText() does it. */
  write(text: string): void;
  /** One line; throws HelperError `cancelled` on Ctrl-C, Ctrl-D on an empty line, or hang-up. */
  ask(question: string, options?: AskOptions): Promise<string>;
  close(): void;
}

/** Where a person reads and types, whatever stdin and stdout are. The Windows names as in git's compat/terminal.c. */
const devices = {
  posix: { input: "/dev/tty", output: "/dev/tty" },
  windows: { input: String.raw`\\.\CONIN$`, output: String.raw`\\.\CONOUT$` },
};

/**
 * Windows gives a console to programs of editors too, which nobody sees: it opens, and a question in it waits for ever. So
 * messages have to go to a console as well. They do not in a mintty without ConPTY, which is a pipe and could not hide a token.
 */
function isSeen(): boolean {
  return isatty(2);
}

/** @returns undefined when there is no terminal: a session without one (ENXIO), a system without the device (ENOENT). */
export function openTerminal(platform: NodeJS.Platform): Terminal | undefined {
  if (platform === "win32" && !isSeen()) return undefined;
  const device = platform === "win32" ? devices.windows : devices.posix;
  let output: number;
  try {
    output = openSync(device.output, "r+");
  } catch {
    return undefined;
  }
  // A screen that is gone is told by the question that finds nobody to answer it.
  const show = (text: string): void => {
    try {
      writeSync(output, text);
    } catch (error) {
      gone = error;
    }
  };
  let gone: unknown;
  let typedAhead = "";

  return {
    write: (text) => {
      show(screenText(text));
    },
    ask: async (text, { hidden = false } = {}) => {
      if (gone !== undefined)
        throw new HelperError("cancelled", "the terminal is gone", { cause: gone });
      const question = { text: screenText(text), hidden, typedAhead };
      const answer = await askQuestion(device.input, show, question);
      typedAhead = answer.typedAhead;
      return answer.answer;
    },
    close: () => {
      closeSync(output);
    },
  };
}
