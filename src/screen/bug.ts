// What is shown of an error nobody expected: its stack, since that is what a report needs, and no secret in it.
import { inspect } from "node:util";
import { redact } from "./redact.ts";

/** @returns lines for stderr, ending in a line feed. Indented: none of them can look like another line of ours. */
export function describeBug(programName: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? String(error)) : inspect(error);
  const lines = redact(stack).split("\n");
  const told = lines.map((line) => `  ${line.replace(/^ {2}/u, "")}\n`).join("");
  return `${programName}: error: internal error, please report it\n${told}`;
}
