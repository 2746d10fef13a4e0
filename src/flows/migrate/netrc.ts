// The format of netrc: words, some of which begin an entry. ftp(1), ".NETRC FILE"; what curl, through which git reads it,
// adds: words in quotes, and comments. Bytes are Latin-1 here, whatever the encoding.

import { foldAscii } from "../../servers/repository-path.ts";

/** A login of a netrc file. */
export interface NetrcEntry {
  /** Undefined for `default`, which is for every machine. */
  readonly machine: string | undefined;
  readonly login?: string | undefined;
  readonly password?: string | undefined;
  /** Counted from 1. */
  readonly line: number;
  /** What it consists of, behind the machine's name: `login x`, `password y`. */
  readonly parts: readonly Range[];
  readonly start: number;
  /** True when a macro follows, which belongs to this machine. */
  readonly hasMacro: boolean;
  /**
   * False where readers of the format disagree: a value is missing, is itself a word of the format or begins as a comment
   * does, a login or password comes twice or behind a macro, a word has no meaning, a quote is odd (then all that follows is
   * unclear), or a comment behind it has words of the format. Then it cannot be said whose password is whose.
   */
  readonly isClear: boolean;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Word extends Range {
  readonly text: string;
  readonly isQuoted: boolean;
  /** A quote that does not end, or ends on another line or amid a word. */
  readonly isOdd: boolean;
}

interface OpenEntry {
  machine: string | undefined;
  start: number;
  values: Map<string, string>;
  parts: Range[];
  hasMacro: boolean;
  isClear: boolean;
}

/** curl reads the words of the format in capitals, too. */
const words = new Set(["machine", "default", "login", "password", "account", "macdef"]);

/** @returns the entries in their order; what is none is passed over. */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const entries: OpenEntry[] = [];
  let at = 0;
  let isOdd = false;
  for (;;) {
    const start = skipComments(text, at);
    const word = nextWord(text, start);
    const entry = entries.at(-1);
    if (entry !== undefined && hidesWords(text.slice(at, start))) entry.isClear = false;
    if (word === undefined) break;
    at = word.end;
    isOdd ||= word.isOdd;
    const key = keyOf(word);
    if (key === "machine") {
      const name = valueAt(text, at);
      at = name?.end ?? at;
      isOdd ||= name?.isOdd ?? false;
      entries.push(openEntry(name?.text ?? "", word));
    } else if (key === "default") {
      entries.push(openEntry(undefined, word));
    } else if (key === "macdef") {
      if (entry !== undefined) entry.hasMacro = true;
      at = endOfMacro(text, at);
    } else if (entry !== undefined) {
      const value = key === undefined ? undefined : valueAt(text, at);
      at = value?.end ?? at;
      isOdd ||= value?.isOdd ?? false;
      const isKnown = key !== undefined && value !== undefined && !entry.values.has(key);
      if (!isKnown || entry.hasMacro || beginsComment(value)) entry.isClear = false;
      if (isKnown) entry.values.set(key, value.text);
      entry.parts.push({ start: word.start, end: at });
    }
    const last = entries.at(-1);
    if (isOdd && last !== undefined) last.isClear = false;
  }
  return entries.map(({ machine, start, values, parts, hasMacro, isClear }) => ({
    machine,
    start,
    parts,
    hasMacro,
    isClear,
    login: values.get("login"),
    password: values.get("password"),
    line: text.slice(0, start).split("\n").length,
  }));
}

/**
 * @param entries of this text.
 * @returns the text without them. Comments and macros stay; a macro's machine keeps its name, since without it the macro
 * would go over to the machine before.
 */
export function withoutEntries(text: string, entries: readonly NetrcEntry[]): string {
  const cuts = entries.flatMap((entry) =>
    entry.hasMacro
      ? entry.parts.map((part) => cutOf(text, part))
      : [cutOf(text, { start: entry.start, end: entry.parts.at(-1)?.end ?? entry.start })],
  );
  let rest = text;
  for (const { start, end } of cuts.toSorted((one, other) => other.start - one.start))
    rest = rest.slice(0, start) + rest.slice(end);
  return rest;
}

function openEntry(machine: string | undefined, { start }: Range): OpenEntry {
  return { machine, start, values: new Map(), parts: [], hasMacro: false, isClear: true };
}

function keyOf({ text, isQuoted }: Word): string | undefined {
  const key = foldAscii(text);
  return !isQuoted && words.has(key) ? key : undefined;
}

/** @returns undefined where a word of the format stands in the value's place: it may as well begin what comes next. */
function valueAt(text: string, from: number): Word | undefined {
  const value = nextWord(text, from);
  return value === undefined || keyOf(value) !== undefined ? undefined : value;
}

/** Whole lines go with their line end; of a line that has more, one blank goes. */
function cutOf(text: string, { start, end }: Range): Range {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = text.indexOf("\n", end);
  const startsLine = /^[ \t]*$/u.test(text.slice(lineStart, start));
  const endsLine = /^[ \t\r]*$/u.test(text.slice(end, lineEnd === -1 ? undefined : lineEnd));
  if (startsLine && endsLine)
    return { start: lineStart, end: lineEnd === -1 ? text.length : lineEnd + 1 };
  if (startsLine) return { start, end: end + (/^[ \t]*/u.exec(text.slice(end))?.[0].length ?? 0) };
  return { start: start - (/[ \t]*$/u.exec(text.slice(0, start))?.[0].length ?? 0), end };
}

/** To curl 7.88 a comment, to other readers a value. */
function beginsComment({ text, isQuoted }: Word): boolean {
  return !isQuoted && text.startsWith("#");
}

/**
 * To curl 7.88 a comment may begin behind other words of a line, to other readers its words count.
 *
 * @param skipped what is between two words.
 */
function hidesWords(skipped: string): boolean {
  const [behind = ""] = skipped.split("\n", 1);
  return behind.split(/[ \t\r]+/u).some((word) => words.has(foldAscii(word)));
}

/** A comment stands where a word of the format would. */
function skipComments(text: string, from: number): number {
  let at = from;
  for (;;) {
    const comment = /^[ \t\r\n]*#[^\n]*/u.exec(text.slice(at));
    if (comment === null) return at;
    at += comment[0].length;
  }
}

/** Blanks are ASCII's: a byte of a letter may be one of Latin-1's. */
function nextWord(text: string, from: number): Word | undefined {
  const found = /^([ \t\r\n]*)(?:"((?:\\.|[^"\\])*)"(?![^ \t\r\n])|([^ \t\r\n]+))/su.exec(
    text.slice(from),
  );
  if (found === null) return undefined;
  const [whole, blank = "", quoted, plain = ""] = found;
  const start = from + blank.length;
  return {
    start,
    end: from + whole.length,
    text: quoted === undefined ? plain : unquote(quoted),
    isQuoted: quoted !== undefined,
    isOdd: quoted?.includes("\n") ?? plain.startsWith('"'),
  };
}

function unquote(text: string): string {
  const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replaceAll(/\\(.)/gsu, (_, character: string) => named[character] ?? character);
}

/** A macro ends with an empty line. */
function endOfMacro(text: string, from: number): number {
  const end = /\n\r?\n/u.exec(text.slice(from));
  return end === null ? text.length : from + end.index + end[0].length;
}
