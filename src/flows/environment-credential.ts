// The credential of BITBUCKET_TOKEN: served before any account, never stored. Spec, section 8.
import { accountHost, bitbucketHost } from "../servers/cloud/host.ts";
import { recognise, tokenKinds } from "../servers/cloud/token-kind.ts";
import type { Credential } from "../protocol/credential.ts";
import { namedUser, type Request } from "../protocol/request.ts";
import type { EnvironmentToken } from "../settings/environment-token.ts";
import type { Ports } from "./context.ts";

/** BITBUCKET_TOKEN is Bitbucket's own: to no other host that the settings name it is ever given. */
export function environmentTokenFor(
  { host }: Pick<Request, "host">,
  { environmentToken }: Pick<Ports, "environmentToken">,
): EnvironmentToken | undefined {
  return accountHost(host) === bitbucketHost ? environmentToken : undefined;
}

/** @returns undefined, and says why, when no username makes this token work. */
export function environmentCredential(
  token: EnvironmentToken,
  request: Request,
  ports: Pick<Ports, "warn">,
): Credential | undefined {
  const name = recognise(token.secret, token.username);
  const kind = tokenKinds[name];
  if (!kind.usable) {
    ports.warn(
      name === "app-password"
        ? "BITBUCKET_TOKEN holds an app password, and these stopped working on 28 July 2026"
        : `BITBUCKET_TOKEN holds a ${kind.title}, and bitbucket.org takes none`,
      name === "app-password"
        ? "unset BITBUCKET_TOKEN && git credential-bitbucket migrate"
        : "unset BITBUCKET_TOKEN",
    );
    return undefined;
  }
  const username = kind.gitUsername ?? token.username ?? namedUser(request);
  if (username === undefined || username === "") {
    ports.warn(
      "BITBUCKET_TOKEN is of no known kind and needs a username",
      "export BITBUCKET_USERNAME=your-username",
    );
    return undefined;
  }
  return { username, password: token.secret };
}
