// What is said when the output cannot be written.
import { getSystemErrorMap } from "node:util";
import { HelperError } from "../errors.ts";

/** @param error of stdout. */
export function outputFailure({ errno, message }: NodeJS.ErrnoException): HelperError {
  const [, reason = message] = getSystemErrorMap().get(errno ?? 0) ?? [];
  return new HelperError("system", `the output could not be written: ${reason}`);
}
