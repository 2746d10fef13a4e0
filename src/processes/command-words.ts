// A command line of one program, divided as sh does it, less everything that only a shell can do.
import { HelperError } from "../errors.ts";

/** What would mean something to a shell, outside of single quotes. */
const expansions = /[$`]/u;
const operators = /[|&;<>()*?[\]#~]/u;

/**
 * @param option names it in errors.
 * @returns the words; at least one. Throws HelperError `usage` for what needs a shell, and for quotes that do not end.
 */
export function commandWords(text: string, option: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  // A word in quotes, an escaped character, blanks, or anything else.
  for (const [part] of text.matchAll(/'[^']*'|"(?:\\.|[^"\\])*"|\\.|\s+|[^\s'"\\]+|./gsu)) {
    if (/^\s+$/u.test(part)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + literal(part, option);
  }
  if (word !== undefined) words.push(word);
  if (words[0] === undefined || words[0] === "")
    throw new HelperError("usage", `${option} wants a program and its arguments`);
  return words;
}

function literal(part: string, option: string): string {
  if (/[\n\0]/u.test(part)) throw new HelperError("usage", `${option} wants one line`);
  if (/^'.*'$/su.test(part)) return part.slice(1, -1);
  if (/^\\.$/su.test(part)) return part.slice(1);
  if (/^(?:["'\\]|\\$)$/u.test(part))
    throw new HelperError("usage", `a quote in ${option} does not end`);
  if (expansions.test(part)) throw needsShell(option);
  if (part.startsWith('"')) return part.slice(1, -1).replaceAll(/\\(["\\$`])/gu, "$1");
  if (operators.test(part)) throw needsShell(option);
  return part;
}

function needsShell(option: string): HelperError {
  return new HelperError(
    "usage",
    `${option} is run without a shell: put what needs one into a script, or single quotes around it`,
  );
}
