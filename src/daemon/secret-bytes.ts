// Looking into bytes that may hold a secret without making text of them: V8 keeps text for as long as it likes.
import { ownBytes } from "./own-bytes.ts";

/** Whether one of the words, in lower case, stands in the bytes, in whatever case of its letters. */
export function mentions(bytes: Uint8Array, words: readonly string[]): boolean {
  const folded = lowerCase(bytes);
  const found = words.some((word) => folded.includes(word));
  folded.fill(0);
  return found;
}

const heads = ["atat", "atct", "atbb", "bbdc-", "eyj"] as const;
const wholeHeads = ["atatt3xffgf0", "atctt3xffgn0"] as const;
/** No kind of token goes on for less behind its head. */
const shortestRest = 9;

/**
 * Whether there may be a token in the bytes: wherever hasToken() of redact.ts finds one in text, and in a few odd words
 * more. The helper knows for certain.
 */
export function mayHoldToken(bytes: Uint8Array): boolean {
  const folded = lowerCase(bytes);
  const found =
    wholeHeads.some((head) => folded.includes(head)) ||
    heads.some((head) => isHeadOfToken(folded, head));
  folded.fill(0);
  return found;
}

function isHeadOfToken(folded: Buffer, head: string): boolean {
  for (let at = folded.indexOf(head); at !== -1; at = folded.indexOf(head, at + 1)) {
    if (at > 0 && isLetterOrDigit(folded[at - 1])) continue;
    const rest = folded.subarray(at + head.length, at + head.length + shortestRest);
    if (rest.length === shortestRest && rest.every(isOfToken)) return true;
  }
  return false;
}

function lowerCase(bytes: Uint8Array): Buffer {
  const folded = ownBytes(bytes.length);
  for (const [at, byte] of bytes.entries())
    folded[at] = byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
  return folded;
}

/** Of what was folded. */
function isLetterOrDigit(byte = 0): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39);
}

const signsOfTokens = new Set(Buffer.from("_+/=.-"));

function isOfToken(byte: number): boolean {
  return isLetterOrDigit(byte) || signsOfTokens.has(byte);
}
