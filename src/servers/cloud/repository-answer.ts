// What the answer to GET /2.0/repositories/… says: whether the token sees the repository, and which project it is in.
import {
  isFailure,
  jsonBody,
  objectIn,
  textIn,
  textsIn,
  type RestResult,
} from "../../net/rest-answer.ts";
import { errorDetail, grantedScopes, lacksPrivilege, scopeNames } from "./user-answer.ts";

export interface RepositoryAnswer {
  /** Undefined: not told, whatever the reason. */
  readonly sees?: boolean;
  readonly project?: string;
  /** The token lacks a scope: those that would do, empty when they are not named. */
  readonly required?: readonly string[];
  readonly scopes?: readonly string[];
  /** Why a token that is alive is turned away, for people. */
  readonly because?: string;
}

/** @param name workspace/repository, for people. */
export function readRepositoryAnswer(result: RestResult, name: string): RepositoryAnswer {
  if (isFailure(result)) return {};
  const body = jsonBody(result);
  switch (result.status) {
    case 200: {
      if (textIn(body, "full_name", /\//u) === undefined) return {};
      const project = textIn(objectIn(body, "project"), "key", /^[\w-]{1,128}$/u);
      return { sees: true, ...(project !== undefined && { project }) };
    }
    case 404:
      // Without the envelope it is the address that is missing, not the repository.
      return objectIn(body, "error") === undefined ? {} : { sees: false };
    case 403: {
      const message = textIn(objectIn(body, "error"), "message", /./u) ?? "";
      const required = textsIn(errorDetail(body), "required");
      const scopes = grantedScopes(result, body);
      if (required !== undefined || lacksPrivilege(body))
        return { required: scopeNames(required), ...(scopes && { scopes }) };
      return { because: turnedAway(message, name) };
    }
    default:
      return {};
  }
}

// Bitbucket's own sentences are looked for, not repeated: what a server writes stays off the screen.
function turnedAway(message: string, name: string): string {
  if (/whitelist|allow-?\s?list/iu.test(message))
    return `an admin of ${name} must first allow the address of this machine (403)`;
  if (/two-step/iu.test(message)) return `${name} wants two-step verification of its users (403)`;
  return `bitbucket refuses ${name} without saying why (403)`;
}
