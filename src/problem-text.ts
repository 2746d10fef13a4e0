// How a problem is told on stderr: what is wrong, then the next command.

const programName = "git-credential-bitbucket";

/** @param message lower case, without full stop; hint a command one can paste. */
export function problemText(message: string, hint?: string): string {
  const error = `${programName}: error: ${message}\n`;
  return hint === undefined ? error : `${error}${programName}: hint: ${hint}\n`;
}
