// A request as the daemon reads it: what is secret in it stays bytes of the question, which are filled with zeros when it
// is answered. Text would lie in memory for as long as V8 likes, also after `lock`.
import { parseAttributes } from "../protocol/attributes.ts";
import { readRequest, type Request } from "../protocol/request.ts";

export interface BareRequest {
  /** Without its secrets. */
  readonly request: Omit<Request, "password" | "oauthRefreshToken">;
  /** A part of the body that was read. */
  readonly password: Buffer | undefined;
  readonly hasRefreshToken: boolean;
  readonly holdsSecret: boolean;
}

const secretKeys: ReadonlySet<string> = new Set(["password", "oauth_refresh_token", "credential"]);

/** Throws HelperError `bad-request` for what the helper has to refuse. */
export function readBareRequest(body: Buffer): BareRequest {
  const attributes = parseAttributes(body);
  return {
    request: readRequest(attributes.without(secretKeys)),
    password: attributes.bytes("password"),
    hasRefreshToken: attributes.bytes("oauth_refresh_token") !== undefined,
    holdsSecret: [...secretKeys].some((key) => attributes.bytes(key) !== undefined),
  };
}
