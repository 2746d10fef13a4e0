// BITBUCKET_TOKEN in force: whoever logs in or out must know that git gets another token. Spec, section 8.
import { recognise, tokenKinds } from "../bitbucket/token-kind.ts";
import type { EnvironmentToken } from "../system/environment-token.ts";
import type { Problem } from "../accounts/problems.ts";

/** @returns undefined without such a token. */
export function environmentNote(token: EnvironmentToken | undefined): string | undefined {
  if (token === undefined) return undefined;
  const { title } = tokenKinds[recognise(token.secret, token.username)];
  return `BITBUCKET_TOKEN is set: for bitbucket.org git gets that ${title} and no account's`;
}

/** What keeps the token of the environment from working; to be told where the note is told. */
export function environmentProblems(token: EnvironmentToken): readonly Problem[] {
  const kind = recognise(token.secret, token.username);
  if (!tokenKinds[kind].usable)
    return [
      {
        message: `bitbucket does not accept ${kind === "app-password" ? "app passwords any more" : `a ${tokenKinds[kind].title}`}`,
        next: "unset BITBUCKET_TOKEN",
        fatal: true,
      },
    ];
  if (kind === "unknown" && token.username === undefined)
    return [
      {
        message: "a token of no known kind needs a username",
        next: "export BITBUCKET_USERNAME=your-username",
        fatal: true,
      },
    ];
  return [];
}
