// An account and a request for tests that care about a few of their fields.
import type { Account, AccountScope } from "../../src/accounts/account.ts";
import { readTarget, type Report } from "../../src/accounts/target.ts";
import type { Request } from "../../src/protocol/request.ts";

export const everywhere: AccountScope = { level: "host" };

export function exampleAccount(fields: Partial<Account> & Pick<Account, "name">): Account {
  return {
    kind: "api-token",
    host: "bitbucket.org",
    scope: everywhere,
    gitUsername: fields.kind === "access-token" ? "x-token-auth" : "x-bitbucket-api-token-auth",
    store: "file",
    secretKey: `${fields.name}/000000000000`,
    state: "approved",
    created: "2026-01-01T00:00:00.000Z",
    ...fields,
  };
}

/** Asks for acme/api on bitbucket.org, for nobody in particular. */
export function exampleRequest(fields: Partial<Request> = {}): Report {
  return readTarget({
    protocol: "https",
    host: "bitbucket.org",
    path: "acme/api.git",
    ephemeral: false,
    capabilities: new Set<string>(),
    ...fields,
  });
}

export function inWorkspace(workspace: string): AccountScope {
  return { level: "workspace", workspace };
}

export function inProject(workspace: string, project: string): AccountScope {
  return { level: "project", workspace, project };
}

export function inRepository(workspace: string, repository: string): AccountScope {
  return { level: "repository", workspace, repository };
}
