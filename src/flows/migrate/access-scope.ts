// What an access token is for: what it sees of the repositories it was kept for, or of those that remotes name.
import type { AccountScope } from "../../accounts/account.ts";
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { TokenFacts } from "../../servers/verdict.ts";
import type { Place, Proof } from "../login/candidate.ts";
import type { FoundSecret } from "./found-secret.ts";

export type Scope = Pick<Place, "scope" | "scopeGuessed">;
/** Both for people: a few words, and a command. */
export type NoScope = { readonly because: string; readonly hint: string };

export function accessScope(
  { repositories }: Pick<FoundSecret, "repositories">,
  { verdict, repository }: Proof,
): Scope | NoScope {
  const facts: TokenFacts = verdict !== undefined && "facts" in verdict ? verdict.facts : {};
  const seen = facts.seesRepository === true ? repository : undefined;
  if (seen !== undefined)
    return { scope: coveredScope(seen, facts), scopeGuessed: facts.covers === undefined };
  const [kept] = repositories;
  if (facts.seesRepository === undefined && kept !== undefined)
    return { scope: { level: "repository", ...kept }, scopeGuessed: true };
  return {
    because: "nobody knows which repository it is for",
    hint: "git credential-bitbucket login --repository WORKSPACE/REPOSITORY",
  };
}

function coveredScope({ workspace, repository }: RepositoryName, facts: TokenFacts): AccountScope {
  if (facts.covers === "workspace") return { level: "workspace", workspace };
  if (facts.covers === "project" && facts.project !== undefined)
    return { level: "project", workspace, project: facts.project };
  return { level: "repository", workspace, repository };
}
