// What a check is: a row of table.ts, and what it finds. docs/design.md, "Commands".
import type { DoctorContext } from "./context.ts";

export type Result = "ok" | "warning" | "failed" | "skipped";

export interface Finding {
  readonly result: Result;
  /** A clause for people: lower case, without full stop. What names a person is masked when it is shown. */
  readonly message: string;
  /** A command one can paste; always there when the result is a warning or failed. */
  readonly advice?: string | undefined;
}

export interface Check {
  /** For the first column; also names the check in JSON. */
  readonly title: string;
  /** After this it counts as failed. */
  readonly limitSeconds: number;
  /** What to do then. */
  readonly whenSlow: string;
  /** Throws HelperError for what keeps it from working: that is `failed`. */
  readonly runChecks: (context: DoctorContext) => Promise<Finding | readonly Finding[]>;
}

export function ok(message: string): Finding {
  return { result: "ok", message };
}

export function warning(message: string, advice: string): Finding {
  return { result: "warning", message, advice };
}

export function failed(message: string, advice: string): Finding {
  return { result: "failed", message, advice };
}

/** @param message the reason. */
export function skipped(message: string, advice?: string): Finding {
  return { result: "skipped", message, advice };
}
