// Answers that decide nothing, in words. docs/design.md, "Verdicts".
import { isFailure, type RestResult } from "../../net/rest-answer.ts";
import type { Doubt, Verdict } from "../verdict.ts";

/** @returns the verdict for what is no answer about the token. */
export function doubtAbout(result: RestResult): Verdict & { outcome: "unknown" } {
  if (isFailure(result)) return unknown(result.failure, result.because);
  const { status } = result;
  if (status === 429) return unknown("busy", "bitbucket takes no more requests for now (429)");
  if (status >= 500) return unknown("fault", `bitbucket has a fault of its own (${status})`);
  if (status === 401 || status === 403)
    return unknown("refused", `something before bitbucket refuses the request (${status})`);
  if (status >= 300 && status < 400)
    return unknown("elsewhere", `bitbucket points elsewhere, where no token is sent (${status})`);
  return unknown("elsewhere", `what answers for bitbucket does not know the API (${status})`);
}

export function unknown(doubt: Doubt, because: string): Verdict & { outcome: "unknown" } {
  return { outcome: "unknown", because, doubt };
}
