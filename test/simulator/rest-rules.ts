// REST 2.0: which resource, whether this identity may see it, and its headers. docs/bitbucket.md, "REST".
import { json, lacksScope, noAccess, restError, restWrongPair, type Answer } from "./answer.ts";
import { covers, permission } from "./coverage.ts";
import { identify, type RestIdentity } from "./rest-identity.ts";
import { pickFields, repositoryJson, userJson, workspaceJson } from "./rest-resources.ts";
import { needs, required, satisfies, type ScopeNeed } from "./scopes.ts";
import type { Repository, Token, TokenKind } from "./records.ts";
import type { Site } from "./site.ts";

export interface RestRequest {
  readonly authorization?: string | undefined;
  /** With its query: `/2.0/repositories/acme/api?fields=full_name`. */
  readonly path: string;
}

const credentialTypes: Readonly<Record<TokenKind, string>> = {
  "api-token": "api_token",
  "repository-access-token": "repo_access_token",
  "project-access-token": "project_access_token",
  "workspace-access-token": "workspace_access_token",
  "oauth-token": "oauth2",
  "app-password": "app_password",
  "account-password": "password",
};

/** @returns the whole answer to a GET; HEAD is the same without its body. */
export function answerRest(site: Site, request: RestRequest): Answer {
  const url = new URL(request.path, "https://api.bitbucket.org");
  const identity = identify(site, request.authorization);
  if (!url.pathname.startsWith("/2.0/"))
    return identity.is === "nobody" ? noSuchApi() : json(403, { error: { message: "Forbidden" } });
  if (identity.is === "refused") return identity.answer;
  const answer = route(site, identity, url);
  return identity.is === "token" ? withTokenHeaders(answer, identity.token) : answer;
}

function route(site: Site, identity: RestIdentity, url: URL): Answer {
  const [first, second, third, ...more] = url.pathname.slice("/2.0/".length).split("/");
  if (isRemoved(url)) return removed();
  if (more.length > 0) return noSuchApi();
  if (first === "user" && second === undefined) return user(site, identity);
  if (first === "user" && second === "emails" && third === undefined) return emails(site, identity);
  if (first === "user" && second === "workspaces" && third === undefined)
    return workspaces(site, identity);
  if (first === "workspaces" && second !== undefined && third === undefined)
    return workspace(site, identity, second);
  if (first === "repositories" && second !== undefined && third !== undefined)
    return repository(site, identity, site.find(second, third), url.searchParams.get("fields"));
  return noSuchApi();
}

/** CHANGE-2770: listings across workspaces. */
function isRemoved({ pathname, searchParams }: URL): boolean {
  return (
    /^\/2\.0\/user\/permissions\/(?:repositories|workspaces)$/u.test(pathname) ||
    (pathname === "/2.0/repositories" && searchParams.has("role"))
  );
}

function user(site: Site, identity: RestIdentity): Answer {
  return answerUser(site, identity, needs.readUser, (token) => userJson(ownerOf(site, token)));
}

function emails(site: Site, identity: RestIdentity): Answer {
  return answerUser(site, identity, needs.readEmails, (token) => {
    const { email } = ownerOf(site, token);
    return page([{ type: "email", email, is_primary: true, is_confirmed: true }]);
  });
}

function workspaces(site: Site, identity: RestIdentity): Answer {
  return answerUser(site, identity, needs.readWorkspace, (token) => {
    const visible = site.repositories.filter((one) => isVisible(site, token, one) && !one.isPublic);
    const slugs = [...new Set(visible.map((one) => one.workspace))];
    return page(
      slugs.map((slug) => ({ type: "workspace_access", workspace: workspaceJson(slug) })),
    );
  });
}

/** What belongs to a user: for tokens that act for one and have the scopes. An access token is no user. */
function answerUser(
  site: Site,
  identity: RestIdentity,
  need: ScopeNeed,
  body: (token: Token) => unknown,
): Answer {
  if (identity.is !== "token") return restWrongPair();
  const { token } = identity;
  if (token.owner === undefined || !satisfies(token, need)) return lacking(site, token, need);
  return accepting(json(200, body(token)), need, identity);
}

function page(values: readonly unknown[]) {
  return { values, pagelen: 10, size: values.length, page: 1 };
}

function workspace(site: Site, identity: RestIdentity, slug: string): Answer {
  if (identity.is !== "token") return restWrongPair();
  if (!satisfies(identity.token, needs.readWorkspace))
    return lacking(site, identity.token, needs.readWorkspace);
  const isKnown = site.repositories.some(
    (one) => one.workspace === slug && isVisible(site, identity.token, one),
  );
  return isKnown
    ? json(200, workspaceJson(slug))
    : restError(404, `No workspace with identifier '${slug}'.`);
}

function repository(
  site: Site,
  identity: RestIdentity,
  found: Repository | undefined,
  fields: string | null,
): Answer {
  if (identity.is === "token" && !satisfies(identity.token, needs.readRepository))
    return lacking(site, identity.token, needs.readRepository);
  const sees =
    found !== undefined &&
    (identity.is === "token" ? isVisible(site, identity.token, found) : found.isPublic);
  if (!sees) return restError(404, noAccess);
  const answer = json(200, pickFields(repositoryJson(found), fields));
  return accepting(answer, needs.readRepository, identity);
}

function isVisible(site: Site, token: Token, repository: Repository): boolean {
  return covers(token, repository) && permission(site, token, repository) !== undefined;
}

function ownerOf(site: Site, token: Token) {
  const owner = site.users.get(token.owner ?? "");
  if (owner === undefined) throw new Error(`nobody owns ${token.name}`);
  return owner;
}

function lacking(site: Site, token: Token, need: ScopeNeed): Answer {
  const wanted = required(token, need);
  const detail =
    site.quirks.detail === "string"
      ? `required: ${wanted.join(", ")}`
      : { required: wanted, granted: token.scopes ?? [] };
  const answer = restError(403, lacksScope, { detail });
  return accepting(answer, need, { is: "token", token });
}

function accepting(answer: Answer, need: ScopeNeed, identity: RestIdentity): Answer {
  if (identity.is !== "token") return answer;
  const scopes = required(identity.token, need).join(", ");
  return { ...answer, headers: { ...answer.headers, "x-accepted-oauth-scopes": scopes } };
}

function withTokenHeaders(answer: Answer, token: Token): Answer {
  const headers = {
    ...answer.headers,
    "x-credential-type": credentialTypes[token.kind],
    "x-oauth-scopes": (token.scopes ?? []).join(", "),
  };
  return { ...answer, headers };
}

function removed(): Answer {
  return restError(410, "CHANGE-2770 - Functionality has been deprecated");
}

function noSuchApi(): Answer {
  return json(404, {
    type: "error",
    error: { message: "Resource not found", detail: "There is no API hosted at this URL" },
  });
}
