// How Git Credential Manager names what it keeps: by a service, `git:https://bitbucket.org`, and an account. Its own tokens
// for renewing others lie under `…/refresh_token` and are of no use to anybody else.
import { accountHost, ownHosts } from "../../servers/servers.ts";
import { foldHost } from "../../protocol/request.ts";
import { readPair } from "./login-url.ts";
import type { Login } from "./place.ts";

/** @returns undefined for what is not Bitbucket's, or no secret for git. */
export function managerLogin(
  service: string,
  account: string | undefined,
  secret: string,
): Login | undefined {
  // A namespace of the person's choice goes before the URL, and their repository may follow in it.
  const [, protocol = "", host = "", rest = ""] =
    /^(?:[^:/]+:)?(https?):\/\/([^/@\s]+)(\/.*)?$/iu.exec(service) ?? [];
  const folded = foldHost(host, protocol.toLowerCase());
  if (!ownHosts.includes(folded) || secret === "" || rest.endsWith("/refresh_token"))
    return undefined;
  const path = rest.replaceAll(/^\/+|\/+$/gu, "");
  return {
    host: accountHost(folded),
    path: path === "" ? undefined : path,
    ...readPair(account, secret),
  };
}
