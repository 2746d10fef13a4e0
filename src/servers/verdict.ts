// What a check of a token against Bitbucket found. docs/design.md, "Verdicts".
import type { RestTrouble } from "../net/rest-answer.ts";
import type { TokenKind } from "./token-kind.ts";

/** What Bitbucket told about an accepted token. */
export interface TokenFacts {
  /** As x-credential-type names it, else as it was believed to be. An API token stays one whatever it is called. */
  readonly kind?: TokenKind | undefined;
  /** For access tokens: what x-credential-type says it covers. */
  readonly covers?: "repository" | "project" | "workspace" | undefined;
  /** As in x-oauth-scopes; undefined when the header was absent. */
  readonly scopes?: readonly string[] | undefined;
  /** The real Bitbucket username. */
  readonly username?: string | undefined;
  readonly displayName?: string | undefined;
  /** The email that Bitbucket accepted as REST identity. */
  readonly email?: string | undefined;
  /** For a repository asked about: the key of its project. */
  readonly project?: string | undefined;
  /** For a repository asked about: whether the token sees it; undefined when not asked or not told. */
  readonly seesRepository?: boolean | undefined;
}

/** Why nothing can be said, for the code that picks a hint. */
export type Doubt =
  | RestTrouble
  | "identity" // 401, but not to an identity that would be proof
  | "unsendable" // a kind that is sent nowhere
  | "busy" // 429
  | "fault" // 5xx
  | "refused" // 403 or 401 for a reason that is not the token
  | "elsewhere"; // an answer that is not Bitbucket's

const noAnswer: ReadonlySet<Doubt | undefined> = new Set<Doubt>([
  "timeout",
  "network",
  "tls",
  "certificates",
  "proxy",
  "garbage",
  "elsewhere",
]);

/** Whether Bitbucket itself was not reached: another token would fare no better. */
export function isUnreached(verdict: Verdict): boolean {
  return verdict.outcome === "unknown" && noAnswer.has(verdict.doubt);
}

/** What will not work. */
export interface Blocked {
  readonly blocks: "push" | "fetch and push";
  readonly missing: readonly string[];
}

/** Only Bitbucket's 401 to the right identity is `rejected`; anything that is no answer is `unknown`. */
export type Verdict =
  | { readonly outcome: "valid"; readonly facts: TokenFacts }
  | ({ readonly outcome: "lacks-scope"; readonly facts: TokenFacts } & Blocked)
  | { readonly outcome: "rejected"; readonly because: string }
  | { readonly outcome: "unknown"; readonly because: string; readonly doubt?: Doubt | undefined };
