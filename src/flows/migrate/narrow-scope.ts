// What a token may become that nothing but the configuration of a repository has. The repository may have been unpacked
// with it, so it may be a stranger's: it opens no more than the workspace that its URL names, and where an account is, it
// neither replaces that nor goes before it. A person who wants more logs in with it.
import { type Account, accountState } from "../../accounts/account.ts";
import { guessScope } from "../../accounts/default-scope.ts";
import { readTarget } from "../../accounts/target.ts";
import { covers } from "../../accounts/match.ts";
import { isRefused } from "../../accounts/refusals.ts";
import { isSameLogin } from "../../accounts/same-login.ts";
import type { Candidate, Proof } from "../login/candidate.ts";
import { accessScope, type NoScope, type Scope } from "./access-scope.ts";
import type { FoundSecret } from "./found-secret.ts";

/**
 * @param accounts that a person made. @param now milliseconds since 1970.
 * @returns the scope of an account with the same login, if there is one that is alive: it stays as it is.
 */
export function narrowScope(
  found: FoundSecret,
  candidate: Candidate,
  proof: Proof,
  accounts: readonly Account[],
  now: number,
): Scope | NoScope {
  const [repository] = found.repositories;
  const workspaces = new Set(found.repositories.map(({ workspace }) => workspace));
  if (repository === undefined || workspaces.size > 1) {
    const where =
      repository === undefined ? "in a URL without a repository" : "in URLs of several workspaces";
    return {
      because: `nothing but a repository's configuration has it, ${where}`,
      hint: "git credential-bitbucket login",
    };
  }
  const scope = scopeIn(repository, found, candidate, proof);
  if ("because" in scope) return scope;
  const there = accounts.filter((account) =>
    found.repositories.some(({ workspace, repository: name }) =>
      covers(account, readTarget({ host: found.host, path: `${workspace}/${name}` })),
    ),
  );
  const same = there.find((account) =>
    isSameLogin(account, {
      ...candidate,
      // A user's login is the same wherever it answers.
      scope: candidate.kind === "access-token" ? scope.scope : account.scope,
    }),
  );
  const other = same ?? there[0];
  if (other === undefined) return scope;
  const isAlive = accountState(other, now) === "approved" && !isRefused(other, now);
  if (other === same && isAlive) return { scope: other.scope };
  return {
    because: `account '${other.name}' answers there, and nothing but a repository's configuration has it`,
    hint: "git credential-bitbucket login --workspace WORKSPACE",
  };
}

function scopeIn(
  repository: FoundSecret["repositories"][number],
  found: FoundSecret,
  { kind }: Candidate,
  proof: Proof,
): Scope | NoScope {
  if (kind === "access-token") return accessScope(found, proof);
  if (kind === "unknown") return guessScope(kind, { ...repository, part: "repository" }, []);
  return { scope: { level: "workspace", workspace: repository.workspace } };
}
