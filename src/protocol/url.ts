// A URL as a person types it → the request git would make of it. gitcredentials(7); git's rules, not those of browsers:
// `new URL()` drops the default port, maps characters and takes a backslash for a slash.
import { HelperError } from "../errors.ts";
import { foldHost, type Request } from "./request.ts";

/**
 * @param keepsPath whether git sends the path: credential.useHttpPath.
 * Throws HelperError `usage` for what is no URL with scheme and host; a password in it is never looked at.
 */
export function requestFromUrl(url: string, keepsPath: boolean): Request {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(?:([^/]*)@)?([^/@]+)(?:\/+(.*))?$/su.exec(url);
  if (match === null) throw notUrl();
  const [, protocol = "", user, host = "", path] = match;
  const username = user?.split(":", 1)[0];
  return {
    protocol: protocol.toLowerCase(),
    host: foldHost(decode(host), protocol.toLowerCase()),
    path: keepsPath && path !== undefined ? decode(path.replace(/\/+$/u, "")) : undefined,
    username: username === undefined ? undefined : decode(username),
    ephemeral: false,
    capabilities: new Set(),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw notUrl();
  }
}

function notUrl(): HelperError {
  return new HelperError("usage", "that is no url", {
    hint: "git credential-bitbucket explain https://bitbucket.org/WORKSPACE/REPOSITORY.git",
  });
}
