// One check of one token from start to end. undici is loaded here and not before.
import type { CheckSubject } from "./check-subject.ts";
import type { RestSettings } from "../../net/rest.ts";
import { validateToken, type ValidateOptions } from "./validate.ts";
import type { Verdict } from "./verdict.ts";

/** @throws HelperError `bad-setting` for an API URL that a secret must not go to; nothing else. */
export async function checkToken(
  subject: CheckSubject,
  settings: RestSettings,
  options: ValidateOptions = {},
): Promise<Verdict> {
  const { openRest } = await import("../../net/rest.ts");
  const rest = openRest(settings);
  try {
    return await validateToken(subject, rest, options);
  } finally {
    await rest.close();
  }
}
