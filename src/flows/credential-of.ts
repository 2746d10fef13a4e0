// What git is told of an account and its secret.
import { answerUsername } from "../accounts/account.ts";
import type { Credential } from "../protocol/credential.ts";
import type { Target } from "../accounts/target.ts";
import type { Held } from "../secrets/read.ts";

/** @param target names the user who is asked for. */
export function credentialOf(
  { account, secret, oauthRefreshToken }: Held,
  target: Pick<Target, "username">,
): Credential {
  const { expires } = account;
  return {
    username: answerUsername(account, target),
    password: secret,
    expiry: expires === undefined ? undefined : Math.floor(Date.parse(expires) / 1000),
    oauthRefreshToken,
  };
}
