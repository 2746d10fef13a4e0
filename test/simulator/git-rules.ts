// Git over HTTPS: who may do what with which repository, and the words of each refusal. docs/bitbucket.md, "Git over HTTPS".
import { gitRefusal, gitTexts, type Answer } from "./answer.ts";
import { readClaim, type Claim } from "./authorization.ts";
import { covers, permission } from "./coverage.ts";
import type { RepositoryTarget } from "./repository-target.ts";
import { needs, satisfies, type ScopeNeed } from "./scopes.ts";
import type { Repository, Token } from "./records.ts";
import type { Site } from "./site.ts";

export interface GitRequest {
  /** The Authorization header. */
  readonly authorization?: string | undefined;
  readonly target: Pick<RepositoryTarget, "workspace" | "repository" | "part">;
  readonly operation: "read" | "write";
}

const goOn: Answer = { status: 200, headers: {}, body: "" };

/** @returns 200 with an empty body when git's own program may answer, otherwise what Bitbucket says instead. */
export function answerGit(site: Site, request: GitRequest): Answer {
  const { target, operation } = request;
  const repository = site.find(target.workspace, target.repository, target.part === "snippet");
  const claim = readClaim(request.authorization);
  if (claim.scheme === "none") return answerAnonymous(site, request, repository);

  const token = "secret" in claim ? site.findToken(claim.secret) : undefined;
  if (token === undefined) return gitRefusal(401, gitTexts.noAccess);
  if (token.kind === "app-password") return gitRefusal(410, gitTexts.removed);
  if (token.kind === "account-password") return gitRefusal(401, gitTexts.accountPassword);
  if (!authenticates(site, claim, token)) return gitRefusal(401, gitTexts.noAccess);
  if (!covers(token, repository ?? unknownRepository(target)))
    return gitRefusal(401, gitTexts.noAccess);
  const demand = site.demands.get(target.workspace);
  if (demand === "allowed address") return gitRefusal(403, gitTexts.address);
  if (demand === "two-step login") return gitRefusal(403, gitTexts.twoStep);
  if (!satisfies(token, scopeNeed(site, request))) return gitRefusal(403, gitTexts.lacksScope);
  const allowed = repository === undefined ? undefined : permission(site, token, repository);
  if (allowed === undefined || (operation === "write" && allowed === "read"))
    return gitRefusal(403, gitTexts.noPermission);
  return goOn;
}

function answerAnonymous(
  site: Site,
  { target, operation }: GitRequest,
  repository: Repository | undefined,
): Answer {
  if (repository?.isPublic === true && operation === "read") return goOn;
  if (target.part === "lfs" && site.quirks.lfsForbidsAnonymous)
    return gitRefusal(403, gitTexts.noPermission);
  return gitRefusal(401, gitTexts.noAccess);
}

/** Whether the pair of username and secret is one that Bitbucket takes, and the token is alive. */
function authenticates(site: Site, claim: Claim, token: Token): boolean {
  if (site.isRevoked(token) || site.isExpired(token) || token.scopes === undefined) return false;
  if (claim.scheme === "bearer") return token.kind !== "api-token";
  return claim.scheme === "basic" && usernames(token).includes(claim.username);
}

/** Case matters, and an email is no username. */
function usernames(token: Token): readonly (string | undefined)[] {
  if (token.kind === "api-token") return ["x-bitbucket-api-token-auth", token.owner];
  if (token.kind === "oauth-token") return ["x-token-auth", token.owner];
  return ["x-token-auth"];
}

function scopeNeed(site: Site, { target, operation }: GitRequest): ScopeNeed {
  const writes = operation === "write";
  if (target.part === "snippet") return writes ? needs.writeSnippet : needs.readSnippet;
  if (target.part === "wiki" && site.quirks.wikiScopes)
    return writes ? needs.writeWiki : needs.readWiki;
  return writes ? needs.writeRepository : needs.readRepository;
}

function unknownRepository(target: GitRequest["target"]) {
  return { workspace: target.workspace, slug: target.repository, project: "" };
}
