// A request as the daemon reads it: what is secret in it stays bytes of the question, which are filled with zeros when it
// is answered. Text would lie in memory for as long as V8 likes, also after `lock`.
import { parseAttributes } from "../protocol/attributes.ts";
import { readRequest } from "../protocol/request.ts";
import { readTarget, type Report } from "../accounts/target.ts";
import { mayHoldToken } from "./secret-bytes.ts";

export interface BareRequest {
  /** Without its secrets, and without a username or a path that may be one. */
  readonly request: Omit<Report, "password" | "oauthRefreshToken">;
  /** A part of the body that was read. */
  readonly password: Buffer | undefined;
  readonly hasRefreshToken: boolean;
  readonly holdsSecret: boolean;
  /** Whether a username or a path was left out: only the helper knows what is meant. */
  readonly isMasked: boolean;
}

const secretKeys: ReadonlySet<string> = new Set(["password", "oauth_refresh_token", "credential"]);

const none = new Uint8Array();

/** Throws HelperError `bad-request` for what the helper has to refuse. */
export function readBareRequest(body: Buffer): BareRequest {
  const attributes = parseAttributes(body);
  const masked = ["username", "path"].filter((key) => mayHoldToken(attributes.bytes(key) ?? none));
  return {
    request: readTarget(readRequest(attributes.without(new Set([...secretKeys, ...masked])))),
    password: attributes.bytes("password"),
    hasRefreshToken: attributes.bytes("oauth_refresh_token") !== undefined,
    holdsSecret: [...secretKeys].some((key) => attributes.bytes(key) !== undefined),
    isMasked: masked.length > 0,
  };
}
