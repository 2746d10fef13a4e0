// What the answer to GET /2.0/user says about a token. docs/bitbucket.md, "REST".
import {
  jsonBody,
  objectIn,
  textIn,
  textsIn,
  type JsonObject,
  type RestAnswer,
} from "../../net/rest-answer.ts";
import type { TokenKind } from "../token-kind.ts";
import type { TokenFacts } from "../verdict.ts";

/** `accepted`: Bitbucket knows the token; `denied`: it does not, under this identity; undefined: it is not Bitbucket's answer. */
export type UserAnswer =
  | { readonly outcome: "accepted"; readonly facts: TokenFacts }
  | { readonly outcome: "denied" }
  | undefined;

export function readUserAnswer(answer: RestAnswer): UserAnswer {
  const body = jsonBody(answer);
  if (answer.status === 200 && isUser(body))
    return { outcome: "accepted", facts: { ...tokenFacts(answer, body), ...userFacts(body) } };
  if (answer.status === 403 && isKnownToken(answer, body))
    return { outcome: "accepted", facts: tokenFacts(answer, body) };
  return answer.status === 401 && isDenial(answer, body) ? { outcome: "denied" } : undefined;
}

/** Scopes as the header lists them or, where it does not, the error; undefined when neither does. */
export function grantedScopes(answer: RestAnswer, body: JsonObject | undefined) {
  const header = (answer.headers.get("x-oauth-scopes") ?? "").split(/[\s,]+/u);
  const scopes = header.filter((scope) => scope !== "");
  const list = scopes.length > 0 ? scopes : textsIn(errorDetail(body), "granted");
  return list && scopeNames(list);
}

/** @returns those that look like a scope: they are shown to people. */
export function scopeNames(list: readonly string[] = []): readonly string[] {
  return list.filter((scope) => /^[\w:.*-]{1,100}$/u.test(scope));
}

/** The object in which Bitbucket names scopes; elsewhere its detail is a text. */
export function errorDetail(body: JsonObject | undefined): JsonObject | undefined {
  return objectIn(objectIn(body, "error"), "detail");
}

/** Bitbucket's sentence for a missing scope, with or without a detail that names it. */
export function lacksPrivilege(body: JsonObject | undefined): boolean {
  return textIn(objectIn(body, "error"), "message", /privilege scope/iu) !== undefined;
}

const kinds: Readonly<Record<string, Pick<TokenFacts, "kind" | "covers">>> = {
  repo_access_token: { kind: "access-token", covers: "repository" },
  project_access_token: { kind: "access-token", covers: "project" },
  workspace_access_token: { kind: "access-token", covers: "workspace" },
  api_token: { kind: "api-token" },
  oauth2: { kind: "oauth-token" },
} satisfies Record<string, { kind: TokenKind; covers?: TokenFacts["covers"] }>;

function tokenFacts(answer: RestAnswer, body: JsonObject | undefined): TokenFacts {
  const type = answer.headers.get("x-credential-type")?.trim() ?? "";
  const scopes = grantedScopes(answer, body);
  return { ...(Object.hasOwn(kinds, type) && kinds[type]), ...(scopes && { scopes }) };
}

function userFacts(user: JsonObject): TokenFacts {
  // The username goes into git's protocol, the name onto screens: what could do harm there is left out.
  const username = textIn(user, "username", /^[\w.-]{1,100}$/u);
  const displayName = textIn(user, "display_name", /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u);
  return { ...(username && { username }), ...(displayName && { displayName }) };
}

function isUser(body: JsonObject | undefined): body is JsonObject {
  const anything = /./u;
  return ["username", "uuid", "account_id"].some(
    (key) => textIn(body, key, anything) !== undefined,
  );
}

/** A gateway, or Bitbucket before it looked, answers 403 too: only what names the credential or its scopes knows it. */
function isKnownToken(answer: RestAnswer, body: JsonObject | undefined): boolean {
  return (
    answer.headers.has("x-credential-type") ||
    answer.headers.has("x-oauth-scopes") ||
    errorDetail(body) !== undefined ||
    lacksPrivilege(body)
  );
}

/** The body of Bitbucket's 401 is often empty; then its realm tells. */
function isDenial(answer: RestAnswer, body: JsonObject | undefined): boolean {
  const challenge = answer.headers.get("www-authenticate") ?? "";
  return isEnvelope(body) || /realm="?Bitbucket/iu.test(challenge);
}

function isEnvelope(body: JsonObject | undefined): boolean {
  return textIn(body, "type", /^error$/u) !== undefined && objectIn(body, "error") !== undefined;
}
