// The question that git's work comes to when no account can answer.
import type { Account } from "../../accounts/account.ts";
import type { Target } from "../../accounts/target.ts";

export interface LoginQuestion {
  readonly target: Target;
  /** The account whose token is dead; undefined for a new account. */
  readonly renews?: Account | undefined;
}
