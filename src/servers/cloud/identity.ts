// As whom a token goes to REST, and whose 401 is proof. docs/bitbucket.md, "REST".
import { Secret } from "../../secret.ts";
import { isEmail } from "../email.ts";
import { tokenKinds, type TokenKind } from "../token-kind.ts";

/** A way to present the token. */
export interface Identity {
  /** Value of the Authorization header. */
  readonly authorization: Secret;
  /** The email in it. */
  readonly email?: string | undefined;
  /** Whether a 401 says something about the token. */
  readonly certain: boolean;
}

export interface TokenHolder {
  readonly secret: Secret;
  readonly kind: TokenKind;
  readonly email?: string | undefined;
  readonly emailCertain?: boolean | undefined;
  /** A person asked for the check: a secret of unknown kind may go as Bearer. */
  readonly asked?: boolean | undefined;
}

/**
 * The ways to present a token, in the order to try them; none for what is never sent anywhere.
 * An API token goes as Basic with its user's email. Whether it also goes as Bearer is unsettled, so that is tried last:
 * accepted it is alive, whatever the email; refused it proves nothing.
 */
export function identitiesFor(holder: TokenHolder): readonly Identity[] {
  const { secret, kind } = holder;
  const { restAuth } = tokenKinds[kind];
  if (restAuth === "basic-email") return [...asUser(holder), ...asBearer(secret, false)];
  if (restAuth === "bearer") return asBearer(secret, true);
  return kind === "unknown" && holder.asked === true ? asBearer(secret, false) : [];
}

/** For a call that a person wants: a guess, such as an API token as Bearer, is for checks. */
export function restAuthorization(holder: TokenHolder): Secret | undefined {
  const usual = identitiesFor(holder).find(({ certain, email }) => certain || email !== undefined);
  return usual?.authorization;
}

/** What has no @ is a username, and what has a colon would end the user's part early: REST answers 401 to both. */
function asUser({ secret, email, emailCertain }: TokenHolder): readonly Identity[] {
  if (email === undefined || !isEmail(email)) return [];
  const pair = Buffer.from(`${email}:${secret.reveal()}`).toString("base64");
  return [{ authorization: new Secret(`Basic ${pair}`), email, certain: emailCertain === true }];
}

/** A password with spaces or letters beyond ASCII is no bearer token. RFC 6750, section 2.1. */
function asBearer(secret: Secret, certain: boolean): readonly Identity[] {
  const token = secret.reveal();
  if (!/^[\x21-\x7e]+$/u.test(token)) return [];
  return [{ authorization: new Secret(`Bearer ${token}`), certain }];
}
