// The credential of BITBUCKET_TOKEN: served before any account, never stored. docs/design.md, "Settings and the environment".
import { usualHost } from "../servers/servers.ts";
import { tokenKinds } from "../servers/token-kind.ts";
import type { Target } from "../accounts/target.ts";
import type { EnvironmentToken } from "../settings/environment-token.ts";
import type { Context } from "./context.ts";
import type { Result } from "./result.ts";

/** BITBUCKET_TOKEN is Bitbucket's own: to no other host that the settings name it is ever given. */
export function environmentTokenFor(
  { host }: Pick<Target, "host">,
  { environmentToken }: Pick<Context, "environmentToken">,
): EnvironmentToken | undefined {
  return host === usualHost ? environmentToken : undefined;
}

/** @returns the credential, or the note why no username makes this token work. */
export function environmentCredential(
  token: EnvironmentToken,
  { user }: Pick<Target, "user">,
): Pick<Result, "credential" | "notes"> {
  const kind = tokenKinds[token.kind];
  if (token.kind === "app-password")
    return refusal(
      "BITBUCKET_TOKEN holds an app password, and these stopped working on 28 July 2026",
      "unset BITBUCKET_TOKEN && git credential-bitbucket migrate",
    );
  if (!kind.usable)
    return refusal(
      `BITBUCKET_TOKEN holds a ${kind.title}, and bitbucket.org takes none`,
      "unset BITBUCKET_TOKEN",
    );
  const username = kind.gitUsername ?? token.username ?? user;
  if (username === undefined || username === "")
    return refusal(
      "BITBUCKET_TOKEN is of no known kind and needs a username",
      "export BITBUCKET_USERNAME=your-username",
    );
  return { credential: { username, password: token.secret } };
}

function refusal(message: string, hint: string): Pick<Result, "notes"> {
  return { notes: [{ level: "error", message, hint }] };
}
