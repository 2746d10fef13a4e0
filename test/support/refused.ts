// For tables and properties in which refusing is one of the right answers.
import { type ErrorCode, HelperError } from "../../src/errors.ts";

/** @returns "refused" when act throws a HelperError of that code; any other error is a bug and goes on. */
export function refusedOr<T>(act: () => T, code: ErrorCode = "bad-request"): T | "refused" {
  try {
    return act();
  } catch (error) {
    if (error instanceof HelperError && error.code === code) return "refused";
    throw error;
  }
}
