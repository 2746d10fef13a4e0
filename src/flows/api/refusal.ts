// What an error of the API means for the person, beside its body.
import { jsonBody, objectIn, textIn, textsIn } from "../../net/rest-answer.ts";
import type { Note } from "../result.ts";
import { shellWord } from "../../screen/shell-word.ts";

const anyText = /^[^\p{C}]{1,300}$/u;

/**
 * @param text of the answer. @param account whose token was sent; undefined for BITBUCKET_TOKEN.
 */
export function refusalNote(status: number, text: string, account: string | undefined): Note {
  const answer = { status, headers: new Map<string, string>(), body: text };
  const error = objectIn(jsonBody(answer), "error");
  const detail = objectIn(error, "detail");
  const missing = missingScopes(textsIn(detail, "required"), textsIn(detail, "granted"));
  const said = textIn(error, "message", anyText);
  const message = `bitbucket answers ${status}${said === undefined ? "" : `: ${said}`}`;
  if (missing.length > 0)
    return {
      level: "error",
      message: `bitbucket answers ${status}: the token lacks ${missing.join(", ")}`,
      hint: account === undefined ? "unset BITBUCKET_TOKEN" : renewal(account),
    };
  return { level: "error", message, hint: hintFor(status) };
}

function missingScopes(
  required: readonly string[] = [],
  granted: readonly string[] = [],
): readonly string[] {
  return required.filter((scope) => !granted.includes(scope) && anyText.test(scope));
}

function hintFor(status: number): string | undefined {
  if (status === 401) return "git credential-bitbucket status --check";
  if (status === 429) return "sleep 3600";
  return undefined;
}

function renewal(account: string): string {
  return `git credential-bitbucket login --account ${shellWord(account)}`;
}
