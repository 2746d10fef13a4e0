// Bitbucket Cloud's REST interface, opened for one question and closed after it. undici is loaded here and not before.
import type { Rest, RestSettings } from "../../net/rest.ts";
import type { RestResult } from "../../net/rest-answer.ts";
import type { CheckSubject } from "../check-subject.ts";
import type { Verdict } from "../verdict.ts";
import { validateToken, type ValidateOptions } from "./validate.ts";

/** @throws HelperError `bad-setting` for an API URL that a secret must not go to; nothing else. */
export async function verify(
  subject: CheckSubject,
  settings: RestSettings,
  options?: ValidateOptions,
): Promise<Verdict> {
  return await withRest(settings, (rest) => validateToken(subject, rest, options));
}

/** Asks without a secret whether it answers at all. Throws as verify. */
export async function reach(settings: RestSettings): Promise<RestResult> {
  return await withRest(settings, (rest) => rest.get("/2.0/user"));
}

async function withRest<T>(settings: RestSettings, ask: (rest: Rest) => Promise<T>): Promise<T> {
  const { openRest } = await import("../../net/rest.ts");
  const rest = openRest(settings);
  try {
    return await ask(rest);
  } finally {
    await rest.close();
  }
}
