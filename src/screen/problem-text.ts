// How a problem is told on stderr: what is wrong, then the next command.
import { printable } from "./printable.ts";

export const programName = "git-credential-bitbucket";

/** @param message lower case, without full stop; hint a command one can paste. */
export function problemText(message: string, hint?: string): string {
  return lines("error", message, hint);
}

/** As problemText, for what still works. */
export function warningText(message: string, hint?: string): string {
  return lines("warning", message, hint);
}

function lines(word: "error" | "warning", message: string, hint: string | undefined): string {
  const first = line(word, message);
  return hint === undefined ? first : `${first}${line("hint", hint)}`;
}

/** One line, whatever names and answers from outside stand in it: none of them can look like a line of ours. */
function line(word: string, text: string): string {
  return `${programName}: ${word}: ${printable(text)}\n`;
}
