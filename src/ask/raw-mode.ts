// Raw mode that no way out leaves behind: an answer, an error, exit(), a signal, Ctrl-Z and back. termios(3), credentials(7).
import type { ReadStream } from "node:tty";

export interface RawHolder {
  /** Called when the mode has become raw, at first and each time the program goes on after a stop. */
  readonly entered: () => void;
  /** Called just before the mode goes back; must not throw. */
  readonly leaving: () => void;
  /** SIGINT or SIGHUP: the question is over, the program goes on. */
  readonly interrupted: () => void;
}

export interface RawMode {
  /** Stops the program and all of its group, as Ctrl-Z does where the terminal handles it. */
  suspend(): void;
  /** Gives the old mode back for good. */
  release(): void;
}

/** Makes the terminal raw (no echo, no line length, no signals from keys) until release(). */
export function holdRawMode(terminal: ReadStream, holder: RawHolder): RawMode {
  let raw = false;
  const enter = (): void => {
    raw = true;
    terminal.setRawMode(true);
    holder.entered();
  };
  const leave = (): void => {
    if (!raw) return;
    raw = false;
    holder.leaving();
    terminal.setRawMode(false);
  };

  const interrupted = (): void => {
    holder.interrupted();
  };
  const die = (signal: NodeJS.Signals): void => {
    release();
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const stop = (): void => {
    leave();
    stopping = true;
    // By its default action, not by SIGSTOP: without a shell that would continue us, the system ignores it and so do we.
    process.off("SIGTSTP", stop);
    process.kill(process.pid, "SIGTSTP");
    setImmediate(() => {
      if (released) return;
      process.on("SIGTSTP", stop);
      if (!raw) enter();
    });
  };
  const goOn = (): void => {
    // Stopped by somebody else: the shell may have set its own modes meanwhile, of which Node knows nothing.
    if (!stopping) leave();
    stopping = false;
    if (!raw) enter();
  };

  let stopping = false;
  let released = false;
  const listeners: [NodeJS.Signals | "exit", (signal: NodeJS.Signals) => void][] = [
    ["SIGINT", interrupted],
    ["SIGHUP", interrupted],
    ["SIGTERM", die],
    ["SIGQUIT", die],
    ["SIGTSTP", stop],
    ["SIGCONT", goOn],
    ["exit", leave],
  ];
  function release(): void {
    released = true;
    leave();
    for (const [event, listener] of listeners) process.off(event, listener);
  }

  for (const [event, listener] of listeners) process.on(event, listener);
  enter();
  return { suspend, release };
}

function suspend(): void {
  // Windows has nothing of the kind.
  if (process.platform !== "win32") process.kill(0, "SIGTSTP");
}
