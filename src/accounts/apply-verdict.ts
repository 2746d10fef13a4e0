// What a check of its token changes in an account. docs/design.md, "Verdicts".
import { type TokenKind, tokenKinds } from "../servers/token-kind.ts";
import type { RepositoryName } from "../servers/repository-path.ts";
import { isUnreached, type TokenFacts, type Verdict } from "../servers/verdict.ts";
import { type Account, type AccountScope, isPastEnd } from "./account.ts";

/** An account, also one that has no name and no place for its secret yet. */
export type Checkable = Omit<Account, "name" | "created" | "secretKey">;

/**
 * @param now milliseconds since 1970.
 * @returns the account as it is after the check; `unknown` changes nothing but what is known of the check.
 */
export function applyVerdict<A extends Checkable>(
  account: A,
  verdict: Verdict,
  now: number,
  repository?: RepositoryName,
): A {
  const checked = new Date(now).toISOString();
  const unreached = isUnreached(verdict) || undefined;
  switch (verdict.outcome) {
    case "unknown":
      return { ...account, checked, unreached };
    case "rejected":
      return {
        ...account,
        state: "rejected",
        refusals: undefined,
        reason: verdict.because,
        checked,
        unreached,
      };
    case "valid":
    case "lacks-scope":
      return {
        ...approve(account, now),
        ...learned(account, verdict.facts, repository),
        checked,
        unreached,
      };
  }
}

/** The account after Bitbucket, by git or REST, accepted its token. An end before that was wrong. */
export function approve<A extends Checkable>(account: A, now: number): A {
  return {
    ...account,
    reason: undefined,
    refusals: undefined,
    state: "approved",
    validated: new Date(now).toISOString(),
    ...(isPastEnd(account, now) && { expires: undefined }),
  };
}

function learned(
  account: Checkable,
  facts: TokenFacts,
  repository: RepositoryName | undefined,
): Partial<Checkable> {
  const scope = widen(account, facts, repository);
  return {
    ...(facts.kind !== undefined && facts.kind !== account.kind && ofKind(facts.kind, account)),
    ...(facts.scopes !== undefined && { scopes: facts.scopes }),
    ...(facts.username !== undefined && { username: facts.username }),
    ...(facts.email !== undefined && { email: facts.email, emailConfirmed: true }),
    ...(scope !== account.scope && { scope, scopeGuessed: false }),
    ...(scope.level === "project" &&
      repository !== undefined &&
      facts.seesRepository !== undefined && {
        projectRepositories: {
          ...account.projectRepositories,
          [`${repository.workspace}/${repository.repository}`]: facts.seesRepository,
        },
      }),
  };
}

/** Git's username follows the kind. */
function ofKind(kind: TokenKind, account: Checkable): Pick<Account, "kind" | "gitUsername"> {
  return { kind, gitUsername: tokenKinds[kind].gitUsername ?? account.gitUsername };
}

/** A scope taken from a path is the least the token covers; Bitbucket knows what it really covers. */
function widen(
  account: Checkable,
  facts: TokenFacts,
  repository: RepositoryName | undefined,
): AccountScope {
  if (account.scopeGuessed !== true || account.scope.level === "host") return account.scope;
  const { workspace } = account.scope;
  if (facts.covers === "workspace") return { level: "workspace", workspace };
  if (facts.covers === "project" && facts.project !== undefined && repository !== undefined)
    return { level: "project", workspace, project: facts.project };
  return account.scope;
}
