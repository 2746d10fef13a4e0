// A URL with a login in it, and the same without. gitcredentials(7); git's rules, not those of browsers.
import { accountHost, ownHosts } from "../../servers/servers.ts";
import { recognise } from "../../servers/token-kind.ts";
import { hasToken } from "../../screen/redact.ts";
import { foldHost } from "../../protocol/request.ts";
import { Secret } from "../../secret.ts";
import type { Login, Place } from "./place.ts";

/** A URL of Bitbucket's with a username, a secret or both. */
export interface LoginUrl extends Login {
  /** As it stands there. */
  readonly text: string;
  /** What stands behind the host, from its slash on. */
  readonly rest: string;
}

/** In a config file. */
export type UrlPlace = LoginUrl & Place;

/** @returns undefined for every URL that is not Bitbucket's by HTTP, or has no login in it. */
export function parseLoginUrl(text: string): LoginUrl | undefined {
  // The last @ before the path: a secret may have one in it that nobody encoded.
  const [, protocol = "", user, host = "", rest = ""] =
    /^(https?):\/\/([^/?#\s]*)@([^/?#@\s]+)(\/\S*)?$/iu.exec(text) ?? [];
  const folded = foldHost(host, protocol.toLowerCase());
  if (user === undefined || user === "" || !ownHosts.includes(folded)) return undefined;
  const path = decode(rest).replaceAll(/^\/+|\/+$/gu, "");
  return {
    text,
    rest,
    host: accountHost(folded),
    path: path === "" ? undefined : path,
    ...readUser(user),
  };
}

/** @param username to name in it. @returns the URL without its login. */
export function plainUrl(
  { host, rest }: Pick<LoginUrl, "host" | "rest">,
  username?: string,
): string {
  const user = username === undefined ? "" : `${encodeURIComponent(username)}@`;
  return `https://${user}${host}${rest}`;
}

/** @returns the text with the login of any URL in it left out, for people. */
export function withoutLogins(text: string): string {
  return text.replaceAll(/(https?:\/\/)[^/?#\s]*@/giu, "$1");
}

function readUser(user: string): Pick<Login, "username" | "secret"> {
  const colon = user.indexOf(":");
  const username = decode(colon === -1 ? user : user.slice(0, colon));
  return readPair(username, colon === -1 ? "" : decode(user.slice(colon + 1)));
}

/**
 * A username and a password as they lie somewhere. Some put the token into the username's place, where other hosts want
 * it, and anything behind it: `TOKEN:x-oauth-basic`. It is the secret then, and never shown as a username.
 */
export function readPair(
  username: string | undefined,
  password: string,
): Pick<Login, "username" | "secret"> {
  const secret = password === "" ? undefined : new Secret(password);
  if (username === undefined || username === "") return { username: undefined, secret };
  if (!hasToken(username)) return { username, secret };
  const isToken = secret !== undefined && recognise(secret) !== "unknown";
  return { secret: isToken ? secret : new Secret(username) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
