// What is to be checked with Bitbucket. docs/design.md, "Verdicts".
import type { Secret } from "../secret.ts";
import type { RepositoryName } from "./repository-path.ts";
import type { TokenKind } from "./token-kind.ts";

/** What is to be checked: a secret, and whatever is known of it. */
export interface CheckSubject {
  readonly secret: Secret;
  readonly kind: TokenKind;
  readonly email?: string | undefined;
  /** True when the email came from the person or was accepted before, so that a 401 is proof. */
  readonly emailCertain?: boolean | undefined;
  /** True when a person asked for the check: only then a secret of unknown kind is sent to Bitbucket. */
  readonly asked?: boolean | undefined;
  readonly repository?: RepositoryName | undefined;
}
