// The lines that configure adds to a git config file, and how to take exactly these away again. git-config(1), SYNTAX.
// What stood there before is neither moved nor rewritten: the blank helper clears what git collected so far, so older
// lines sleep above ours and wake when ours go. Each of our lines ends in a comment that says whose it is.
import { HelperError } from "../errors.ts";

const mark = "# git-credential-bitbucket";

/**
 * @param program absolute path of the program that git is to run.
 * @param hosts as in settings: `bitbucket.org`, `bitbucket.example.com:8443`.
 * @returns the lines for a config file. Throws HelperError `system` when the path cannot stand in one.
 */
export function helperLines(program: string, hosts: Iterable<string>): string {
  const lines = [...hosts].flatMap((host) => [
    `[credential ${quoted(`https://${host}`)}] ${mark}`,
    `\thelper = ${mark}`,
    `\thelper = ${quoted(helperCommand(program))} ${mark}`,
    `\tuseHttpPath = true ${mark}`,
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * @param text of a config file.
 * @returns the text with the lines at its end, where no other line of the file can add a helper after ours.
 */
export function withLines(text: string, lines: string): string {
  const others = withoutLines(text);
  return lines === "" || others === "" || others.endsWith("\n")
    ? others + lines
    : `${others}\n${lines}`;
}

/** @returns the text of a config file without the lines that withLines added; any other line stays as it is. */
export function withoutLines(text: string): string {
  const rest = text.split("\n").filter((line) => !isOurs(line) || isHeader(line));
  return rest.filter((line, at) => !isOurs(line) || hasKeys(rest.slice(at + 1))).join("\n");
}

/** @returns the value of credential.helper that makes git run the program: sh reads it, so it escapes what sh would not leave alone. */
export function helperCommand(program: string): string {
  // eslint-disable-next-line no-control-regex -- these are what it is about
  if (/[\u0000-\u001f\u007f]/u.test(program)) {
    throw new HelperError("system", "the path of this program holds a control character", {
      hint: "./install/install.sh --prefix ~/.local",
    });
  }
  // Backslashes, not quotes around it: only a value that begins like an absolute path is run as one.
  return program.replaceAll(/[^\w./:@%+,=\u0080-\u{10ffff}-]/gu, String.raw`\$&`);
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}

function isOurs(line: string): boolean {
  return line.trimEnd().endsWith(mark);
}

function isHeader(line: string): boolean {
  return line.trimStart().startsWith("[");
}

/** Whether somebody added a key of their own below our header. */
function hasKeys(below: readonly string[]): boolean {
  const next = below.find((line) => !/^\s*(?:[#;]|$)/u.test(line));
  return next !== undefined && !isHeader(next);
}
