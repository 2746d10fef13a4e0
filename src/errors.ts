// Failures a person can do something about. Anything that is not a HelperError is a bug and keeps its stack.

/** What went wrong, for tests and for the code that decides; the message is for people. */
export type ErrorCode =
  | "bad-request" // what git sent is malformed or hostile
  | "usage" // wrong options or arguments: exit code 2
  | "cancelled" // the person pressed Ctrl-C: exit code 130
  | "not-interactive" // a question would be needed and nobody can be asked
  | "bad-setting" // a setting or an environment variable has no meaning
  | "bad-token" // a token that cannot work, known without asking Bitbucket
  | "rejected" // Bitbucket answered 401 to the right identity
  | "unknown-account"
  | "registry" // the accounts file cannot be read or written
  | "store-unavailable" // the store cannot answer; nothing is known about its content
  | "store-locked"
  | "locked" // the person has locked every secret
  | "network" // Bitbucket could not be asked
  | "git" // git is missing, too old or failed
  | "busy" // another process holds what is needed
  | "system"; // file system, terminal

/** @param hint a command one can paste; cause the error underneath. */
export interface HelperErrorOptions {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An expected failure. The message is lower case, without full stop, and never contains a secret or raw input. */
export class HelperError extends Error {
  override readonly name = "HelperError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: HelperErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.hint = options.hint;
  }
}
