// Who asks REST 2.0: the identities are other ones than git's. docs/bitbucket.md, "Usernames".
import { restExpiredOauth, restInvalidToken, restWrongPair, type Answer } from "./answer.ts";
import { readClaim, type Claim } from "./authorization.ts";
import type { Token } from "./records.ts";
import type { Site } from "./site.ts";

export type RestIdentity =
  | { readonly is: "nobody" }
  | { readonly is: "refused"; readonly answer: Answer }
  | { readonly is: "token"; readonly token: Token };

/** @param authorization the header. */
export function identify(site: Site, authorization: string | undefined): RestIdentity {
  const claim = readClaim(authorization);
  if (claim.scheme === "none") return { is: "nobody" };
  if (claim.scheme === "other") return { is: "refused", answer: restWrongPair() };
  const token = site.findToken(claim.secret);
  const answer =
    claim.scheme === "basic" ? refuseBasic(site, claim, token) : refuseBearer(site, token);
  if (answer !== undefined) return { is: "refused", answer };
  return token === undefined ? { is: "nobody" } : { is: "token", token };
}

function refuseBasic(
  site: Site,
  claim: Claim & { scheme: "basic" },
  token: Token | undefined,
): Answer | undefined {
  const email = site.users.get(token?.owner ?? "")?.email;
  if (token?.kind !== "api-token" || email !== claim.username) return restWrongPair();
  return isAlive(site, token) ? undefined : restInvalidToken();
}

function refuseBearer(site: Site, token: Token | undefined): Answer | undefined {
  if (token === undefined || token.kind === "app-password" || token.kind === "account-password")
    return restInvalidToken();
  if (token.kind === "api-token" && !site.quirks.bearerApiTokens) return restInvalidToken();
  if (token.kind === "oauth-token" && site.isExpired(token)) return restExpiredOauth();
  return isAlive(site, token) ? undefined : restInvalidToken();
}

function isAlive(site: Site, token: Token): boolean {
  return !site.isRevoked(token) && !site.isExpired(token) && token.scopes !== undefined;
}
