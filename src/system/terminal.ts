// Questions on /dev/tty, never on stdin or stdout: git owns those. facts: git-credential(1); measured in a pty.

export interface AskOptions {
  /** The answer is not echoed. */
  readonly hidden?: boolean;
}

export interface Terminal {
  /** Writes text; control characters of untrusted parts must have been masked by the caller with printable(). */
  write(text: string): void;
  /** One line; throws HelperError `cancelled` on Ctrl-C, Ctrl-D on an empty line, or hang-up. */
  ask(question: string, options?: AskOptions): Promise<string>;
  close(): void;
}
