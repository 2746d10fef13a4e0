// The attributes git and a helper exchange: key=value lines up to a blank line or the end. git-credential(1), INPUT/OUTPUT FORMAT.
import { HelperError } from "../errors.ts";
import { Secret } from "../secret.ts";

export const maxLineBytes = 65_535; // git-credential(1): "at most 65535 bytes", the line end included
export const maxRequestBytes = 1024 * 1024; // ours: git sends a few hundred bytes

const LF = 0x0a;
const CR = 0x0d;
const NUL = 0x00;
const EQUALS = 0x3d;

// Given twice, one of them is an injection: CVE-2020-5260. Other keys may repeat; the last one counts, as in git.
const singleValued: ReadonlySet<string> = new Set([
  "protocol",
  "host",
  "path",
  "username",
  "password",
  "password_expiry_utc",
  "oauth_refresh_token",
  "authtype",
  "credential",
  "ephemeral",
  "continue",
  "quit",
  "url",
]);

/** What was read. Values are bytes and never printed: one of them may be a password. */
export class Attributes {
  readonly #values: ReadonlyMap<string, Buffer>;
  readonly #lists: ReadonlyMap<string, readonly Buffer[]>;

  constructor(values: ReadonlyMap<string, Buffer>, lists: ReadonlyMap<string, readonly Buffer[]>) {
    this.#values = values;
    this.#lists = lists;
  }

  /** The value of a key without brackets; undefined when it was not sent, empty when it was sent empty. */
  bytes(key: string): Buffer | undefined {
    return this.#values.get(key);
  }

  /** The same attributes but for some keys: for a reader that makes text of all it reads. */
  without(keys: ReadonlySet<string>): Attributes {
    return new Attributes(
      new Map([...this.#values].filter(([key]) => !keys.has(key))),
      this.#lists,
    );
  }

  /** The same as text. Throws HelperError `bad-request` when it is not UTF-8; a byte order mark stays. */
  text(key: string): string | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
    } catch {
      throw refusal("a value that is not UTF-8");
    }
  }

  /** The values of `key[]` in order, after the last reset. The key comes without its brackets. */
  list(key: string): readonly Buffer[] {
    return this.#lists.get(key) ?? [];
  }
}

/**
 * Reads one request. Strict: whatever two readers could understand differently refuses the whole request.
 * All lines end in LF, or all in CRLF. The last one too: git always writes it, and half a line may be half a name.
 * What follows a blank line is not looked at. Throws HelperError `bad-request`, never quoting the input.
 */
export function parseAttributes(input: Uint8Array): Attributes {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length > maxRequestBytes) throw refusal("more than 1 MiB");
  const values = new Map<string, Buffer>();
  const lists = new Map<string, Buffer[]>();
  for (const line of lines(bytes)) {
    const equals = line.indexOf(EQUALS);
    if (equals < 1) throw refusal("a line without key=value");
    // One character for each byte, so that two different keys never become the same.
    const key = line.toString("latin1", 0, equals);
    const value = line.subarray(equals + 1);
    if (key.endsWith("[]")) add(lists, key.slice(0, -2), value);
    else if (singleValued.has(key) && values.has(key)) throw refusal("the same key twice");
    else values.set(key, value);
  }
  return new Attributes(values, lists);
}

function* lines(bytes: Buffer): Generator<Buffer> {
  let crlf: boolean | undefined;
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(LF, start);
    if (end < 0) throw refusal("a last line without its end");
    if (end + 1 - start > maxLineBytes) throw refusal(`a line over ${maxLineBytes} bytes`);
    const endsInCrlf = end > start && bytes[end - 1] === CR;
    crlf ??= endsInCrlf;
    if (crlf !== endsInCrlf) throw refusal("lines that end in different ways");
    const line = bytes.subarray(start, endsInCrlf ? end - 1 : end);
    if (line.length === 0) return;
    if (line.includes(CR)) throw refusal("a carriage return inside a line");
    if (line.includes(NUL)) throw refusal("a NUL byte");
    yield line;
    start = end + 1;
  }
}

// git relays resets instead of applying them.
function add(lists: Map<string, Buffer[]>, key: string, value: Buffer): void {
  const list = lists.get(key);
  if (value.length === 0 || list === undefined) lists.set(key, value.length === 0 ? [] : [value]);
  else list.push(value);
}

function refusal(what: string): HelperError {
  return new HelperError("bad-request", `the request was refused: ${what}`);
}

/** A key (with its brackets, for a list) and its value; text becomes UTF-8. */
export type Attribute = readonly [key: string, value: string | Uint8Array | Secret];

/** Writes attributes as lines. Throws HelperError `bad-request` when one cannot be written, never quoting it. */
export function formatAttributes(attributes: readonly Attribute[]): Buffer {
  return Buffer.concat(attributes.map(formatLine));
}

function formatLine([key, value]: Attribute): Buffer {
  if (!/^[!-<>-~]+$/u.test(key)) throw unwritable("a key git could not read");
  const bytes = valueBytes(value);
  if (bytes.includes(LF) || bytes.includes(CR) || bytes.includes(NUL))
    throw unwritable("a value with a line break or NUL");
  if (key.length + bytes.length + 2 > maxLineBytes)
    throw unwritable(`a line over ${maxLineBytes} bytes`);
  return Buffer.concat([Buffer.from(`${key}=`), bytes, Buffer.of(LF)]);
}

function valueBytes(value: string | Uint8Array | Secret): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const text = value instanceof Secret ? value.reveal() : value;
  const bytes = Buffer.from(text, "utf8");
  // A lone surrogate would silently become another character.
  if (bytes.toString("utf8") !== text) throw unwritable("a value that is not Unicode text");
  return bytes;
}

function unwritable(what: string): HelperError {
  return new HelperError("bad-request", `the answer to git was refused: ${what}`);
}
