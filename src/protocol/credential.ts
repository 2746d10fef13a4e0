// The credential a helper answers, and its other answers. git-credential(1), INPUT/OUTPUT FORMAT.
// Never protocol, host or path: git would take them over.
import type { Secret } from "../secret.ts";
import { formatAttributes, type Attribute } from "./attributes.ts";

export interface Credential {
  readonly username: string;
  readonly password: Secret;
  /** Seconds since 1970; anything but a positive whole number is left out, because git would misread it. */
  readonly expiry?: number | undefined;
  readonly oauthRefreshToken?: Secret | undefined;
}

/** Throws HelperError `bad-request` when a value cannot be written. */
export function formatCredential(credential: Credential): Buffer {
  const { username, password, expiry, oauthRefreshToken } = credential;
  const attributes: Attribute[] = [
    ["username", username],
    ["password", password],
  ];
  if (expiry !== undefined && Number.isSafeInteger(expiry) && expiry > 0)
    attributes.push(["password_expiry_utc", String(expiry)]);
  if (oauthRefreshToken !== undefined) attributes.push(["oauth_refresh_token", oauthRefreshToken]);
  return formatAttributes(attributes);
}

/** Tells git to ask no other helper and no person: the person cancelled. */
export function formatQuit(): Buffer {
  return formatAttributes([["quit", "1"]]);
}

/** Answer to `capability`: the version, and none of the capabilities, because username and password are all we need. */
export const capabilityAnswer = "version 0\n";
