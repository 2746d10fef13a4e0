// The one sink of everything that people see: whatever was not taken out of a text before is taken out here. What git reads
// are bytes, and pass.
import { randomBytes } from "node:crypto";
import type { Writable } from "node:stream";
import type { Screen } from "../outside.ts";
import { adviceInPowerShell } from "./powershell.ts";
import { masked } from "./printable.ts";

// No text from outside can guess it, so what stands behind it is ours. It never leaves the program.
let key: string | undefined;

/** @returns a control sequence of ours in a form that screenText() lets through. */
export function ownSequence(sequence: string): string {
  key ??= randomBytes(12).toString("hex");
  return `\0${key}${sequence}\0`;
}

/**
 * @returns the text as it may reach a terminal: lines and tabs as they are, sequences of ours, and every other character
 * that could move the cursor, hide or reorder text masked as printable() does it.
 */
export function screenText(text: string): string {
  const ours = key === undefined ? "" : String.raw`\x00${key}([^\x00]*)\x00|`;
  const pattern = new RegExp(String.raw`${ours}[\p{C}\u2028\u2029]`, "gu");
  return text.replaceAll(pattern, (found: string, sequence: unknown) => {
    if (typeof sequence === "string") return sequence;
    return found === "\n" || found === "\t" ? found : masked(found);
  });
}

/** @param stream of the process. Text goes through screenText(); bytes are for a program and go as they are. */
export function openScreen(
  stream: Writable & { readonly isTTY?: boolean },
  platform: NodeJS.Platform = process.platform,
): Screen {
  const shown = (text: string): string =>
    screenText(platform === "win32" ? adviceInPowerShell(text) : text);
  return {
    isTTY: stream.isTTY === true,
    write: (text, done) =>
      stream.write(typeof text === "string" ? shown(text) : text, (error) => done?.(error)),
  };
}
