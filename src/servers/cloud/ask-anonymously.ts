// Whether Bitbucket's REST interface answers at all: asked without a secret. undici is loaded here and not before.
import type { RestResult } from "../../net/rest-answer.ts";
import type { RestSettings } from "../../net/rest.ts";

/** @throws HelperError `bad-setting` for an API URL that a secret must not go to; nothing else. */
export async function askAnonymously(settings: RestSettings): Promise<RestResult> {
  const { openRest } = await import("../../net/rest.ts");
  const rest = openRest(settings);
  try {
    return await rest.get("/2.0/user");
  } finally {
    await rest.close();
  }
}
