// Variables by which others would tell our Node to load, run, print or open something. The front forgets them before it
// starts Node, and says which of them were set.
import type { Environment } from "../outside.ts";

/** @returns their names, never their values. */
export function forgottenVariables(env: Environment): readonly string[] {
  const names = (env["GIT_CREDENTIAL_BITBUCKET_FORGOTTEN"] ?? "").split(" ");
  return names.filter((name) => /^[A-Z][A-Z\d_]*$/u.test(name));
}
