// Waiting for what happens in another process: by looking, never by a fixed time.
import { setTimeout as pause } from "node:timers/promises";

const pauseMilliseconds = 20;

/** Resolves once the condition holds; the test's own time limit ends the wait. */
export async function waitFor(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(pauseMilliseconds);
}
