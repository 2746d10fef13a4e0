// What `login` says at its end: the account, and what will work and what will not. Spec, section 7.
import { verdictProblems } from "../bitbucket/verdict-text.ts";
import type { LoggedIn } from "../login/log-in.ts";
import type { Ports } from "../operations/ports.ts";
import type { Outside } from "../outside.ts";
import { openStyle } from "../system/style.ts";
import { accountText } from "./account-text.ts";
import { environmentNote } from "./environment-note.ts";
import { asProblem, findProblems, type Problem } from "./problems.ts";

/** What was stored, what will work and what will not. */
export function loginReport(result: LoggedIn, ports: Ports, outside: Outside): string {
  const { account, renewed } = result;
  const paint = openStyle(outside);
  const problems = reportedProblems(result, ports.now());
  const lines = [
    renewed
      ? `account '${account.name}' has its new token, kept in the ${account.store} store`
      : `the token is stored as account '${account.name}' in the ${account.store} store`,
    "",
    accountText(account, problems, ports.now(), paint),
  ];
  if (problems.length === 0 && result.verdict?.outcome === "valid")
    lines.push(
      account.scopes === undefined
        ? "bitbucket accepts the token"
        : "bitbucket accepts the token: fetch and push work",
    );
  const note = environmentNote(ports.environmentToken);
  if (note !== undefined) lines.push(note, "next: unset BITBUCKET_TOKEN");
  return `${lines.join("\n").trimEnd()}\n`;
}

function reportedProblems(
  { account, verdict, repository }: LoggedIn,
  now: number,
): readonly Problem[] {
  const recorded = findProblems(account, now);
  if (verdict === undefined) return recorded;
  const told = verdictProblems(verdict, account, repository).map((text) => asProblem(text, false));
  // What Bitbucket said now goes before what the record says of the same.
  return [
    ...told,
    ...recorded.filter(
      ({ message }) =>
        verdict.outcome !== "unknown" && told.every((problem) => problem.message !== message),
    ),
  ];
}
