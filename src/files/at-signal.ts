// What must not stay behind when a person presses Ctrl-C, or the session ends.
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs fn. When a signal ends the process meanwhile, undo comes first; it must be done when it returns, and not throw. */
export async function undoneAtSignal<T>(undo: () => void, fn: () => Promise<T>): Promise<T> {
  const leave = (signal: NodeJS.Signals): void => {
    undo();
    letGo();
    // Whoever else listens decides what becomes of the process.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const letGo = (): void => {
    for (const signal of signals) process.off(signal, leave);
  };
  for (const signal of signals) process.on(signal, leave);
  try {
    return await fn();
  } finally {
    letGo();
  }
}
