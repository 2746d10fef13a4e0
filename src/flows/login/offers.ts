// What git's configuration lets us offer as an answer: an email, and the repository one stands in.
import { serverOf } from "../../servers/servers.ts";
import { isEmail } from "../../servers/email.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { Outside } from "../../outside.ts";
import { requestFromUrl } from "../../protocol/url.ts";
import type { Git } from "../../git/git.ts";
import type { Remote } from "../../git/git-repository.ts";

export interface Offers {
  /** `git config user.email`: a guess at the Atlassian account's. */
  readonly email: string | undefined;
  /** The one that the current repository's remote names; `origin` goes first. */
  readonly repository: RepositoryName | undefined;
}

/** @param hosts those that are ours. Throws HelperError `git`. */
export async function readOffers(
  outside: Pick<Outside, "env" | "cwd">,
  hosts: ReadonlySet<string>,
): Promise<Offers> {
  const { openGit } = await import("../../git/git.ts");
  const { guessEmail, listRemotes } = await import("../../git/git-repository.ts");
  const git: Git = openGit(outside);
  const email = await guessEmail(git);
  return {
    email: email !== undefined && isEmail(email) ? email : undefined,
    repository: findRepository(await listRemotes(git), hosts),
  };
}

/** @returns the repository of the first remote on one of the hosts, by HTTPS or SSH. */
export function findRepository(
  remotes: readonly Remote[],
  hosts: ReadonlySet<string>,
): RepositoryName | undefined {
  const originFirst = remotes.toSorted((one, other) => rank(one) - rank(other));
  for (const { url } of originFirst) {
    const named = readUrl(url);
    const path =
      named !== undefined && hosts.has(named.host)
        ? serverOf(named.host).parsePath(named.path)
        : undefined;
    if (path?.repository !== undefined)
      return { workspace: path.workspace, repository: path.repository };
  }
  return undefined;
}

function rank({ name }: Remote): number {
  return name === "origin" ? 0 : 1;
}

function readUrl(url: string): { readonly host: string; readonly path: string } | undefined {
  const scp = /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)\/?(.+)$/su.exec(url);
  try {
    const [, sshHost, sshPath] = scp ?? [];
    const { host, path = "" } = requestFromUrl(
      sshHost === undefined ? url : `ssh://${sshHost}/${sshPath}`,
      true,
    );
    return { host, path };
  } catch {
    return undefined;
  }
}
