// What `login` says at its end: the account, and what will work and what will not. docs/design.md, "Commands".
import { verdictProblems } from "../../servers/verdict-text.ts";
import type { LoggedIn } from "../../flows/login/login.ts";
import type { Context } from "../../flows/context.ts";
import type { Outside } from "../../outside.ts";
import { printable } from "../../screen/printable.ts";
import { openStyle } from "../../screen/style.ts";
import { accountText } from "./account-text.ts";
import { environmentNote } from "../../flows/environment-note.ts";
import { asProblem, findProblems, type Problem } from "../../accounts/problems.ts";

/** What was stored, what will work and what will not. */
export function loginReport(result: LoggedIn, context: Context, outside: Outside): string {
  const { account, verdict } = result;
  const paint = openStyle(outside);
  const problems = reportedProblems(result, context.now());
  const lines = [
    placeText(result, context),
    "",
    accountText(account, problems, context.now(), paint),
  ];
  if (problems.length === 0 && verdict?.outcome === "valid") {
    const { displayName } = verdict.facts;
    const whose = displayName === undefined ? "" : ` of ${printable(displayName)}`;
    const works = account.scopes === undefined ? "" : ": fetch and push work";
    lines.push(`bitbucket accepts the token${whose}${works}`);
  }
  const note = environmentNote(context.environmentToken, context.settings.hosts);
  if (note !== undefined) lines.push(note, "next: unset BITBUCKET_TOKEN");
  return `${lines.join("\n").trimEnd()}\n`;
}

/** That there is no keychain is said here once, and by `status` whenever it is asked. */
function placeText({ account, renewed, storeGiven }: LoggedIn, { settings }: Context): string {
  const place = `the ${account.store} store`;
  if (renewed) return `account '${account.name}' has its new token, kept in ${place}`;
  const isFallback = !storeGiven && settings.store === undefined && account.store === "file";
  const because = isFallback ? ", since no keychain answers" : "";
  return `the token is stored as account '${account.name}' in ${place}${because}`;
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
