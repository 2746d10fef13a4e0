// What comes of choosing an account: the one that answers, or why none does.
import type { Account } from "./account.ts";

/** Why no account answers; the text beside it is for people. */
export type Miss =
  | "no-account" // none for the host, or none that covers the path
  | "odd-path" // the path names nothing on Bitbucket
  | "other-users" // what covers the path belongs to others than the user asked for
  | "ambiguous" // several fit alike: see candidates
  | "uncertain-projects" // several projects may hold the repository: see probe
  | "all-dead"; // several fit alike, and none of them can be served

// `because` is for people: of a choice a few words, of a miss a clause; nothing of the request in it could harm a screen.

export interface Chosen {
  readonly account: Account;
  readonly because: string;
  /** True when nobody knows yet whether the repository is inside the account's project: ask Bitbucket, then choose again. */
  readonly uncertainProject?: boolean | undefined;
  /** The account of the person's that would answer, if it were not dead. */
  readonly insteadOf?: Account | undefined;
}

export interface Missed {
  readonly account: undefined;
  readonly miss: Miss;
  readonly because: string;
  /** What fits alike. Accounts exist, so a new token is not what is missing. */
  readonly candidates?: readonly Account[] | undefined;
  /** Project accounts of which several may hold the repository: ask Bitbucket about each, then choose again. */
  readonly probe?: readonly Account[] | undefined;
  /** A command that goes past the ambiguity. */
  readonly hint?: string | undefined;
}

export type Choice = Chosen | Missed;

export function missed(miss: Miss, because: string): Missed {
  return { account: undefined, miss, because };
}
