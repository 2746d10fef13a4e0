// What `status` tells of BITBUCKET_TOKEN. Asks Bitbucket only when told to.
import { afterCheck, type Problem } from "../accounts/problems.ts";
import { usualHost } from "../servers/servers.ts";
import type { TokenKind } from "../servers/token-kind.ts";
import { verdictProblems } from "../servers/verdict-text.ts";
import type { Verdict } from "../servers/verdict.ts";
import type { Context } from "./context.ts";
import { environmentProblems, environmentScope } from "./environment-note.ts";

export interface TokenStatus {
  readonly kind: TokenKind;
  /** What it is for, for people. */
  readonly scope: string;
  readonly problems: readonly Problem[];
  /** What Bitbucket said just now; undefined when it was not asked. */
  readonly outcome?: Verdict["outcome"] | undefined;
}

/** @returns undefined without such a token. */
export async function environmentStatus(
  context: Context,
  check: boolean,
): Promise<TokenStatus | undefined> {
  const token = context.environmentToken;
  if (token === undefined) return undefined;
  const { kind } = token;
  const scope = environmentScope(context.settings.hosts);
  const problems = environmentProblems(token);
  if (!check || problems.length > 0) return { kind, scope, problems };
  const { secret, email } = token;
  const verdict = await context.validate(usualHost, {
    secret,
    kind,
    email,
    emailCertain: email !== undefined,
  });
  const told = afterCheck(verdictProblems(verdict, { kind, email }), verdict);
  return {
    kind,
    scope,
    problems: told.map(({ message, next, fatal }) => {
      return { message, next: nextFor(verdict, kind, next), fatal };
    }),
    outcome: verdict.outcome,
  };
}

/** What is wrong with the token itself, no login mends: it stands in the environment. */
function nextFor(verdict: Verdict, kind: TokenKind, next: string | undefined): string | undefined {
  if (verdict.outcome === "rejected") return "unset BITBUCKET_TOKEN";
  if (verdict.outcome !== "unknown") return undefined;
  const isOfToken = ["secret", "identity", "unsendable"].includes(verdict.doubt ?? "");
  if (!isOfToken) return next;
  const isOfEmail = verdict.doubt === "identity" && kind === "api-token";
  return isOfEmail ? "export BITBUCKET_EMAIL=YOU@EXAMPLE.COM" : undefined;
}
