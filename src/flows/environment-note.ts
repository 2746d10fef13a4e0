// BITBUCKET_TOKEN in force: whoever logs in or out must know that git gets another token. docs/design.md, "Settings and the environment".
import { ownHosts } from "../servers/servers.ts";
import { tokenKinds } from "../servers/token-kind.ts";
import type { EnvironmentToken } from "../settings/environment-token.ts";
import type { Problem } from "../accounts/problems.ts";

/**
 * @param hosts all that are ours: where there are others than Bitbucket's, the token is not for them.
 * @returns undefined without such a token.
 */
export function environmentNote(
  token: EnvironmentToken | undefined,
  hosts: ReadonlySet<string>,
): string | undefined {
  if (token === undefined) return undefined;
  const { title } = tokenKinds[token.kind];
  const where = isWholeWorld(hosts) ? "" : "for bitbucket.org ";
  return `BITBUCKET_TOKEN is set: ${where}git gets that ${title} and no account's`;
}

/** What BITBUCKET_TOKEN is for, for people. */
export function environmentScope(hosts: ReadonlySet<string>): string {
  const what = isWholeWorld(hosts) ? "every repository" : "every repository of bitbucket.org";
  return `${what}, before every account`;
}

function isWholeWorld(hosts: ReadonlySet<string>): boolean {
  return [...hosts].every((host) => ownHosts.includes(host));
}

/** What keeps the token of the environment from working; to be told where the note is told. */
export function environmentProblems({ kind, username }: EnvironmentToken): readonly Problem[] {
  if (!tokenKinds[kind].usable)
    return [
      {
        message: `bitbucket does not accept ${kind === "app-password" ? "app passwords any more" : `a ${tokenKinds[kind].title}`}`,
        next: "unset BITBUCKET_TOKEN",
        fatal: true,
      },
    ];
  if (kind === "unknown" && username === undefined)
    return [
      {
        message: "a token of no known kind needs a username",
        next: "export BITBUCKET_USERNAME=your-username",
        fatal: true,
      },
    ];
  return [];
}
