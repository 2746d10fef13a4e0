// The question that git's work comes to when no account can answer, and what comes of it.
import type { Account } from "../../accounts/account.ts";
import type { Target } from "../../accounts/target.ts";
import type { Secret } from "../../secret.ts";

export interface LoginQuestion {
  readonly target: Target;
  /** The account whose token is dead; undefined for a new account. */
  readonly renews?: Account | undefined;
}

/** An account with its new secret. */
export interface Made {
  readonly account: Account;
  readonly secret: Secret;
}
