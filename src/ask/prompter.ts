// Who answers the questions of a login: a person at a terminal, or nobody.
import type { Account, AccountScope } from "../accounts/account.ts";
import type { TokenFacts } from "../servers/verdict.ts";
import type { Secret } from "../secret.ts";

export interface Prompter {
  /** Throws HelperError `bad-token` for what is none, and `cancelled`. */
  token(): Promise<Secret>;
  /** Whether to go on in spite of a doubt about the token. */
  confirms(doubt: string): Promise<boolean>;
  /** The Atlassian account's email of an API token, and whether the person vouches for it. */
  email(offered: string | undefined): Promise<Email>;
  /** The username that belongs to a secret of no known kind. Throws HelperError `usage`. */
  username(): Promise<string>;
  /** What an access token is for. Throws HelperError `usage` when nobody says it. */
  scope(covers: TokenFacts["covers"], offered: OfferedScope): Promise<AccountScope>;
  /** For a second token of the whole host: the workspace it is for, or undefined for the whole host as well. */
  workspace(conflict: Account, offered: string | undefined): Promise<string | undefined>;
  /** @param offered a date. @returns an ISO 8601 instant, or undefined for never or not known. */
  expires(offered: string): Promise<string | undefined>;
}

export interface Email {
  readonly email: string | undefined;
  readonly emailCertain: boolean;
}

export interface OfferedScope {
  readonly workspace?: string | undefined;
  readonly repository?: string | undefined;
  /** Key of the repository's project. */
  readonly project?: string | undefined;
}
