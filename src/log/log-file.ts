// JSON lines in a file. The only file that names pino; loaded only when something is logged.
import { writeSync } from "node:fs";
import { pino, stdTimeFunctions } from "pino";
import { closeQuietly } from "../files/close.ts";
import { redact } from "../screen/redact.ts";
import { escapedJson } from "../screen/json-text.ts";
import type { Log, LogFields } from "./log.ts";
import { openForAppending } from "./log-place.ts";
import type { Settings } from "../settings/settings.ts";

/** @param path of the file, made 0600 when missing. Throws HelperError `system` when nothing may be written there. */
export function openLogFile(path: string, level: Settings["logLevel"]): Log {
  closeQuietly(openForAppending(path));
  const write = (line: string) => appendLine(path, line);
  const logger = pino(
    { level, base: { pid: process.pid }, timestamp: stdTimeFunctions.isoTime },
    // The second pass: over what pino made of the fields, whatever it found in them.
    { write: (line) => write(escapedJson(redact(line))) },
  );
  type Level = "error" | "warn" | "info" | "debug" | "trace";
  const at = (level: Level) => (fields: LogFields, message: string) => {
    logger[level](plain(redact(fields)), redact(message));
  };
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    trace: at("trace"),
  };
}

/** Opened for every line: the daemon lives long, and logs are moved away and deleted. */
function appendLine(path: string, line: string): void {
  try {
    const file = openForAppending(path);
    // One write: lines of several processes do not run into each other.
    try {
      writeSync(file, line);
    } finally {
      closeQuietly(file);
    }
  } catch {
    // A full disk or a folder that went away: git's answer matters, the log does not.
  }
}

/** Errors as plain objects, with their causes: pino shows only the one named `err`, and of that no cause's code. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null || "toJSON" in value) return value;
  if (Array.isArray(value)) return value.map(plain);
  const fields = Object.entries(value).map(([name, item]) => [name, plain(item)] as const);
  if (!(value instanceof Error)) return Object.fromEntries(fields);
  const { name, message, stack } = value;
  return { name, message, ...Object.fromEntries(fields), cause: plain(value.cause), stack };
}
