// How a problem is told on stderr: what is wrong, then the next command.

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
  const first = `${programName}: ${word}: ${message}\n`;
  return hint === undefined ? first : `${first}${programName}: hint: ${hint}\n`;
}
