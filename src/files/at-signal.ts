// What must not stay behind when a person presses Ctrl-C, or the session ends.
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const undos = new Set<() => void>();

/** Runs fn. When a signal ends the process meanwhile, undo comes first; it must be done when it returns, and not throw. */
export async function undoneAtSignal<T>(undo: () => void, fn: () => Promise<T>): Promise<T> {
  // One listener for all, however many run at once.
  if (undos.size === 0) for (const signal of signals) process.on(signal, leave);
  undos.add(undo);
  try {
    return await fn();
  } finally {
    undos.delete(undo);
    if (undos.size === 0) letGo();
  }
}

function leave(signal: NodeJS.Signals): void {
  for (const undo of undos) undo();
  letGo();
  // Whoever else listens decides what becomes of the process.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function letGo(): void {
  for (const signal of signals) process.off(signal, leave);
}
