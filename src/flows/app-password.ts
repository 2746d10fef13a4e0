// An app password that comes by: Bitbucket has taken none since 28 July 2026, and git keeps sending those it finds, since a
// 410 makes it forget nothing.
import { recognise } from "../servers/token-kind.ts";
import type { Request } from "../protocol/request.ts";
import { nothing, type Result } from "./result.ts";

/** @returns how to be rid of the app password that git reports on, if it is one. */
export function appPasswordNote({ password }: Pick<Request, "password">): Result {
  if (password === undefined || recognise(password) !== "app-password") return nothing;
  const message = "git uses an app password, and these stopped working on 28 July 2026";
  return { notes: [{ level: "error", message, hint: "git credential-bitbucket migrate" }] };
}
