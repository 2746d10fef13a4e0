// What is said over the daemon's socket. A question is what git's own client sends (docs/git.md, "Git's own client of a socket"):
//   action=get LF timeout=CODE LF header LF… LF body
// Every operation goes as `get` with its code in the timeout: with `store` git's client would start git's own daemon.
// The header says who asks and from where, and ends with a blank line; the body is the request, byte for byte.
// An answer is lines that git would ignore or understand, so that even a client without the front does no harm:
//   bitbucket=WORD LF attributes… bitbucket=end LF
import { HelperError } from "../errors.ts";
import {
  type Attribute,
  type Attributes,
  formatAttributes,
  maxLineBytes,
  parseAttributes,
} from "../protocol/attributes.ts";
import { ownBytes } from "./own-bytes.ts";

/**
 * Higher when a header or an answer changes its meaning, and for a new answer: a front that does not know one asks the
 * helper, which would serve what `locked` holds back. The front sends it too.
 */
const wireVersion = "2";

/** Small numbers: git 2.39 refuses `1k` as a timeout and wraps what is over 31 bits. */
export const operationCodes = {
  get: 0,
  store: 1,
  offer: 10,
  forget: 11,
  lease: 12,
  status: 13,
  lock: 14,
  unlock: 15,
  exit: 16,
} as const;

export type DaemonOperation = keyof typeof operationCodes;

/**
 * answer: the attributes are git's · nothing: git gets nothing · locked: nothing, and the person is told why ·
 * node: the daemon cannot tell, ask the helper · again: somebody is finding out, ask once more · done: to what only the
 * helper asks.
 */
export const answerWords = ["answer", "nothing", "locked", "node", "again", "done"] as const;
export type AnswerWord = (typeof answerWords)[number];

/**
 * A header of two long values and a request with a secret of the largest size: git sends a few hundred bytes. What is
 * longer, the helper answers.
 */
export const maxQuestionBytes = 4 * maxLineBytes;

/** Understood by git's own daemon and by every version of ours. */
export const goodbye = Buffer.from("action=exit\ntimeout=0\n");

export interface Question {
  readonly operation: DaemonOperation;
  readonly header: Attributes;
  readonly body: Buffer;
}

export interface Answer {
  readonly word: AnswerWord;
  /** Lines, or nothing. */
  readonly attributes: Buffer;
}

export const LF = 0x0a;
const codes = new Map(Object.entries(operationCodes).map(([name, code]) => [String(code), name]));

/** @returns the bytes of a question; without a body its end is open, and more of it may follow. */
export function formatQuestion(
  operation: DaemonOperation,
  header: readonly Attribute[],
  body: Uint8Array = Buffer.alloc(0),
): Buffer {
  const prelude = `action=get\ntimeout=${operationCodes[operation]}\nwire=${wireVersion}\n`;
  return Buffer.concat([Buffer.from(prelude), formatAttributes(header), Buffer.of(LF), body]);
}

/**
 * @returns undefined for a question of nobody we know: git's cache with our socket, another version's front.
 * `action=exit` is understood from everybody: git's client and later versions say goodbye with it.
 * Throws HelperError `bad-request` for a header that cannot be read.
 */
export function parseQuestion(bytes: Buffer): Question | undefined {
  const end = headerEnd(bytes);
  const header = parseAttributes(bytes.subarray(0, end ?? bytes.length));
  const body = end === undefined ? Buffer.alloc(0) : bytes.subarray(end + 1);
  if (header.text("action") === "exit") return { operation: "exit", header, body };
  const operation = codes.get(header.text("timeout") ?? "") as DaemonOperation | undefined;
  const isKnown = header.text("action") === "get" && header.text("wire") === wireVersion;
  return isKnown && operation !== undefined ? { operation, header, body } : undefined;
}

/** Whether a front asks about Bitbucket whose words are later than ours: it knows `locked`, as every one since 2 does. */
export function isOfLaterFront(bytes: Buffer): boolean {
  const start = bytes.toString("latin1", 0, longestPrelude);
  const version = /^action=get\ntimeout=0\nwire=(\d+)\n/u.exec(start)?.[1];
  const isLater = version !== undefined && Number(version) > Number(wireVersion);
  return (
    isLater &&
    (bytes.includes("\nhost=bitbucket.org\n") || bytes.includes("\nhost=www.bitbucket.org\n"))
  );
}

const longestPrelude = 48;

/** @returns where the blank line behind the header stands; undefined while it has not come. */
export function headerEnd(bytes: Buffer): number | undefined {
  const end = bytes.indexOf("\n\n");
  return end === -1 ? undefined : end + 1;
}

/**
 * @param parts whole lines when put together; one of them may be a secret.
 * @returns bytes of their own, which the caller fills with zeros when they are sent.
 */
export function formatAnswer(word: AnswerWord, ...parts: readonly Uint8Array[]): Buffer {
  return joinBytes([Buffer.from(`bitbucket=${word}\n`), ...parts, answerEnd]);
}

const answerEnd = Buffer.from("bitbucket=end\n");

/** As Buffer.concat, but in memory of its own: what has been elsewhere stays a while. */
export function joinBytes(parts: readonly Uint8Array[]): Buffer {
  const joined = ownBytes(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** @returns undefined for half an answer, none at all, or another daemon's. */
export function parseAnswer(bytes: Buffer): Answer | undefined {
  const firstEnd = bytes.indexOf(LF) + 1;
  const lastStart = bytes.lastIndexOf(LF, -2) + 1;
  if (firstEnd === 0 || lastStart < firstEnd) return undefined;
  if (!bytes.subarray(lastStart).equals(Buffer.from("bitbucket=end\n"))) return undefined;
  const first = bytes.toString("latin1", 0, firstEnd);
  const word = answerWords.find((known) => first === `bitbucket=${known}\n`);
  return word === undefined ? undefined : { word, attributes: bytes.subarray(firstEnd, lastStart) };
}

/** The value of a header or report line that must be there. Throws HelperError `bad-request`. */
export function requiredText(attributes: Attributes, key: string): string {
  const value = attributes.text(key);
  if (value === undefined) throw new HelperError("bad-request", `a question without ${key}`);
  return value;
}
