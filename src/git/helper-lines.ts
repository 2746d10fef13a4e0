// The lines that configure adds to git's config files, and how to take exactly these away again. git-config(1), SYNTAX.
// What stood there before is neither moved nor rewritten: the blank helper clears what git collected so far, so older
// lines sleep above ours and wake when ours go.

const mark = "# git-credential-bitbucket";
const wasEmpty = `${mark}: this file was empty`;
const wasUnended = `${mark}: the line above had no end`;

/**
 * @param command as ownCommand() gives it.
 * @param hosts as in settings: `bitbucket.org`, `bitbucket.example.com:8443`.
 * @returns the lines for a config file.
 */
export function helperLines(command: string, hosts: Iterable<string>): string {
  const lines = [...hosts].flatMap((host) => [
    `[credential ${quoted(`https://${host}`)}] ${mark}`,
    `\thelper = ${mark}`,
    `\thelper = ${quoted(command)} ${mark}`,
    `\tuseHttpPath = true ${mark}`,
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

const includeHeader = "[include]";

/**
 * @param path of the file of ours, absolute or with `~/`. Git passes over one that is not there.
 * @returns lines as `git config` writes them, so that `git config --unset include.path` leaves nothing of them, and
 * without a comment, so that the daemon knows the file that they name.
 */
export function includeLines(path: string): string {
  return `${includeHeader}\n\tpath = ${/^[\w./~:-]+$/u.test(path) ? path : quoted(path)}\n`;
}

/** Ends the names of our own files, behind the name of the file that lies beside them. */
export const ownSuffix = ".git-credential-bitbucket";
export const ownLocalSuffix = `${ownSuffix}-local`;

/**
 * @param text of a config file; undefined when there is none.
 * @returns the text with the lines at its end, where no other line of the file can add a helper after ours.
 */
export function withLines(text: string | undefined, lines: string): string | undefined {
  const others = text === undefined ? undefined : withoutLines(text);
  if (lines === "" || others === undefined) return lines === "" ? others : lines;
  if (others === "") return `${wasEmpty}\n${lines}`;
  return others.endsWith("\n") ? others + lines : `${others}\n${wasUnended}\n${lines}`;
}

/**
 * @returns the text of a config file without the lines that withLines added: any other line stays as it is. Undefined when
 * nothing else stands in it, and the file did not exist before.
 */
export function withoutLines(text: string): string | undefined {
  const lines = text.split("\n");
  const isOurs = lines.map((line, at) => isOurLine(line, lines[at - 1] ?? "", lines[at + 1] ?? ""));
  if (!isOurs.includes(true)) return text;
  const isKept = (at: number): boolean =>
    isOurs[at] !== true ||
    (isHeader(lines[at] ?? "") &&
      hasKeys(lines.filter((_, below) => below > at && !isOurs[below])));
  const others = lines.filter((_, at) => isKept(at)).join("\n");
  if (others === "") return lines.includes(wasEmpty) ? "" : undefined;
  const note = lines.lastIndexOf(wasUnended);
  const isLast = lines.every((line, at) => at <= note || !isKept(at) || line === "");
  return note !== -1 && isLast ? others.replace(/\n$/u, "") : others;
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}

const marked =
  /^(?:\[credential "https:\/\/[^"\s]+"\]|\thelper =(?: "(?:[^"\\]|\\.)*")?|\tuseHttpPath = true) # git-credential-bitbucket\s*$/u;
const ownPath = /^\tpath = "?(?:(?:~|[A-Za-z]:)?\/.*)?\.git-credential-bitbucket(?:-local)?"?\s*$/u;

/** Whether the value of include.path names a file of ours. */
export function isOwnInclude(path: string): boolean {
  return path.endsWith(ownSuffix) || path.endsWith(ownLocalSuffix);
}

/** A person may write our name into a comment of their own. */
function isOurLine(line: string, above: string, below: string): boolean {
  return (
    marked.test(line) ||
    line === wasEmpty ||
    line === wasUnended ||
    (isIncludeHeader(above) && ownPath.test(line)) ||
    (isIncludeHeader(line) && ownPath.test(below))
  );
}

function isIncludeHeader(line: string): boolean {
  return line.trimEnd() === includeHeader;
}

function isHeader(line: string): boolean {
  return line.trimStart().startsWith("[");
}

/** Whether somebody added a key of their own below our header. */
function hasKeys(below: readonly string[]): boolean {
  const next = below.find((line) => !/^\s*(?:[#;]|$)/u.test(line));
  return next !== undefined && !isHeader(next);
}
