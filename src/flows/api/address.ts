// What a person types as the address of a REST resource → its path. docs/bitbucket.md, "Calling REST".
// Nothing is normalised: an API server and a library read `..`, doubled slashes and %-signs in ways of their own.
import { HelperError } from "../../errors.ts";

/**
 * @param typed such as `repositories/acme/api`, `/2.0/user?fields=uuid`, or a whole URL of the API.
 * @param hosts whose whole URLs are the API's: `api.bitbucket.org`.
 * @returns the path from /2.0/ on, with its query. Throws HelperError `usage` for what is no address of the API.
 */
export function apiAddress(typed: string, hosts: ReadonlySet<string>): string {
  if (/^[A-Za-z]:[\\/]/u.test(typed))
    throw refusal(
      "the address begins with a drive: this shell turns a slash at the beginning into one",
      "git credential-bitbucket api user",
    );
  const path = withoutVersion(belowHost(typed, hosts));
  const [resource = "", ...query] = path.split("?");
  if (resource === "") throw refusal("the address names no resource of the api");
  if (path.includes("#")) throw refusal("the address has a fragment, which no server is told");
  if (/[\\\p{Cc}]/u.test(path)) throw refusal("the address has a character that no address has");
  const segments = resource.split("/").map((segment) => segment.replaceAll(/%2e/giu, "."));
  if (segments.some((segment) => segment === "." || segment === ".."))
    throw refusal("the address has a . or .. in it, which a server may read as another resource");
  const rest = query.length === 0 ? "" : `?${query.join("?")}`;
  return `/2.0/${encoded(resource)}${encoded(rest)}`;
}

function belowHost(typed: string, hosts: ReadonlySet<string>): string {
  const [, scheme = "", authority = "", path = ""] =
    /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(.*)$/su.exec(typed) ?? [];
  if (scheme === "") return typed.replace(/^\//u, "");
  if (scheme !== "https" || !hosts.has(authority))
    throw refusal(
      `only ${[...hosts].join(" and ")} is called: a token of Bitbucket's goes nowhere else`,
      "git credential-bitbucket api user",
    );
  return path.replace(/^\/(?:!?api\/)?/u, "");
}

function withoutVersion(path: string): string {
  return path.replace(/^2\.0(?:\/|(?=\?)|$)/u, "");
}

/** As it stands, but for what cannot stand in a request: blanks, braces and letters beyond ASCII. */
function encoded(text: string): string {
  return text.replaceAll(/[^\x21-\x7e]+|[{}"<>^`|]/gu, encodeURIComponent);
}

function refusal(
  message: string,
  hint = "git credential-bitbucket api repositories/WORKSPACE/REPOSITORY",
): HelperError {
  return new HelperError("usage", message, { hint });
}
