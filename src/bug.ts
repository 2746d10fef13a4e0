// What is shown of an error nobody expected: its stack, since that is what a report needs, and no secret in it.
import { inspect } from "node:util";
import { redact } from "./redact.ts";

/** @returns lines for stderr, ending in a line feed. */
export function describeBug(programName: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : inspect(error);
  return `${programName}: error: internal error, please report it\n${redact(stack)}\n`;
}
