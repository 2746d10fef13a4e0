// What git asks about, out of the attributes it sent. git-credential(1), INPUT/OUTPUT FORMAT.
import { HelperError } from "../errors.ts";
import { hasToken } from "../screen/redact.ts";
import { Secret } from "../secret.ts";
import type { Attributes } from "./attributes.ts";

export interface Request {
  readonly protocol: string;
  /** ASCII-folded, without the default port: `bitbucket.org`, `localhost:8443`. */
  readonly host: string;
  /** As git sent it, percent-decoded; only with credential.useHttpPath. */
  readonly path?: string | undefined;
  /** May be empty: git sends `username=` for `https://@host`. */
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
  /** Seconds since 1970. */
  readonly passwordExpiry?: number | undefined;
  /** Git has no use for it; helpers hand it back. git-credential(1). */
  readonly oauthRefreshToken?: Secret | undefined;
  /** True when git says that the credential must not be kept. */
  readonly ephemeral: boolean;
  readonly capabilities: ReadonlySet<string>;
}

/**
 * Throws HelperError `bad-request` when protocol or host is missing or empty (it would match everything:
 * CVE-2020-11008), or when a value that counts is not UTF-8.
 */
export function readRequest(attributes: Attributes): Request {
  const protocol = required(attributes, "protocol");
  const secret = (key: string): Secret | undefined => {
    const text = attributes.text(key);
    return text === undefined ? undefined : new Secret(text);
  };
  return {
    protocol,
    host: foldHost(required(attributes, "host"), protocol),
    path: attributes.text("path"),
    username: attributes.text("username"),
    password: secret("password"),
    passwordExpiry: readExpiry(attributes.text("password_expiry_utc")),
    oauthRefreshToken: secret("oauth_refresh_token"),
    ephemeral: readFlag(attributes.text("ephemeral")),
    capabilities: new Set(attributes.list("capability").map((name) => name.toString("latin1"))),
  };
}

/** Only https, and exactly the hosts given: folded, with their port when it is not 443. */
export function isOurs(
  request: Pick<Request, "protocol" | "host">,
  hosts: ReadonlySet<string>,
): boolean {
  return request.protocol === "https" && hosts.has(request.host);
}

/** The user whom a request names; one with an empty name, or with a token in the name's place, names nobody. */
export function namedUser({ username }: Pick<Request, "username">): string | undefined {
  return username === undefined || username === "" || hasToken(username) ? undefined : username;
}

/** A host as Request carries it. Nothing but ASCII letters is folded: U+212A would otherwise become a `k`. */
export function foldHost(host: string, protocol: string): string {
  const folded = host.replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
  return protocol === "https" && folded.endsWith(":443") ? folded.slice(0, -4) : folded;
}

function required(attributes: Attributes, key: string): string {
  const value = attributes.text(key);
  if (value === undefined || value === "")
    throw new HelperError("bad-request", `the request was refused: no ${key}`);
  return value;
}

// git reads 0, garbage and what does not fit as "never".
function readExpiry(text: string | undefined): number | undefined {
  if (text === undefined || !/^[0-9]{1,16}$/u.test(text)) return undefined;
  const seconds = Number(text);
  return seconds > 0 && Number.isSafeInteger(seconds) ? seconds : undefined;
}

// git writes 1. In doubt the credential is not kept.
function readFlag(text: string | undefined): boolean {
  return text !== undefined && !/^(?:|0|false|no|off)$/iu.test(text);
}
