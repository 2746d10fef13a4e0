// What a kind of Bitbucket is to the rest of the program. Another kind is another folder beside cloud/, a row
// in servers.ts, and one in remote.ts for its REST interface. Token kinds are not a server's: their shapes tell them wherever they are met.
import type { RestResult } from "../net/rest-answer.ts";
import type { Secret } from "../secret.ts";
import type { CheckSubject } from "./check-subject.ts";
import type { RepositoryPath } from "./repository-path.ts";
import type { TokenKind } from "./token-kind.ts";
import type { Blocked, Verdict } from "./verdict.ts";

export type ServerName = "cloud";

/** What is known of it without asking it. */
export interface Server {
  readonly name: ServerName;
  /** Its own names; accounts are kept under the first. */
  readonly hosts: readonly [string, ...string[]];
  /** The host of its REST interface. */
  readonly apiHost: string;
  /** @returns undefined for what names nothing there. */
  readonly parsePath: (path: string) => RepositoryPath | undefined;
  /** @returns what a token with these scopes cannot do; undefined when fetch and push both work. */
  readonly blockedByScopes: (kind: TokenKind, scopes: readonly string[]) => Blocked | undefined;
  /** @returns the Authorization header of a REST call with this token; undefined where its kind wants something that is not known. */
  readonly restAuthorization: (holder: CheckSubject) => Secret | undefined;
  readonly tokenPage: string;
  /** How a person makes a token that works, in steps. */
  readonly instructions: string;
  /** The same for a question in the middle of git's work. */
  readonly shortInstructions: string;
  /** @returns why an answer decides nothing about a token. */
  readonly doubtAbout: (result: RestResult) => Verdict & { readonly outcome: "unknown" };
}
