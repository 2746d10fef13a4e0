// Where a secret may go: Bitbucket's API, or what credential.bitbucketApiUrl names when nobody on the way can read it.
import { HelperError } from "../errors.ts";

export interface ApiBase {
  readonly origin: string;
  /** With its port when it is not the usual one. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  /** What stands before /2.0; no slash at its end. */
  readonly prefix: string;
}

/**
 * @param apiUrl with or without the /2.0 at its end.
 * @throws HelperError `bad-setting` unless it is https, or http on this machine, without user, query and fragment.
 */
export function apiBase(apiUrl: string): ApiBase {
  const url = URL.canParse(apiUrl) ? new URL(apiUrl) : undefined;
  if (url === undefined || !isAllowed(url))
    throw new HelperError(
      "bad-setting",
      "credential.bitbucketApiUrl is not an https URL that a token may be sent to",
      { hint: "git config --global --unset-all credential.bitbucketApiUrl" },
    );
  const secure = url.protocol === "https:";
  return {
    origin: url.origin,
    host: url.host,
    // A socket wants an IPv6 address without its brackets.
    hostname: url.hostname.replace(/^\[(.*)\]$/u, "$1"),
    port: Number(url.port || (secure ? 443 : 80)),
    secure,
    prefix: url.pathname.replace(/\/+$/u, "").replace(/\/2\.0$/u, ""),
  };
}

function isAllowed(url: URL): boolean {
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    return false;
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && isLoopback(url.hostname);
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/u.test(hostname);
}
