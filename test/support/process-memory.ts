// What of a secret stands in another process's memory. proc(5), /proc/PID/maps and /proc/PID/mem: for root.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

/** Shorter pieces say nothing of a secret, and turn up by chance. */
const pieceBytes = 12;
/** Every piece of twelve bytes holds one of these whole. */
const anchorBytes = pieceBytes / 2;
const readBytes = 4 << 20;
/** More than the longest secret: none is cut in two. */
const overlapBytes = 4096;

/**
 * @param secret random text: pieces of it must not be anywhere for another reason.
 * @returns where a piece of twelve bytes or more of it, up to the whole, stands in what that process can read; as bytes
 * and as the two-byte characters that V8 may have made of them. Each with its mapping, for messages.
 */
export function findPieces(pid: number, secret: string): readonly string[] {
  const found = new Set<string>();
  const forms = [Buffer.from(secret, "latin1"), Buffer.from(secret, "utf16le")];
  const file = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const { start, end, name } of readableMappings(pid)) {
      for (const { at, bytes } of readMapping(file, start, end)) {
        for (const form of forms) {
          for (const piece of piecesIn(bytes, form))
            found.add(`${(at + piece.at).toString(16)} in ${name}: ${piece.text}`);
        }
      }
    }
  } finally {
    closeSync(file);
  }
  return [...found];
}

interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

function readableMappings(pid: number): readonly Mapping[] {
  const lines = readFileSync(`/proc/${pid}/maps`, "utf8").trimEnd().split("\n");
  return lines
    .map((line) => /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)$/u.exec(line))
    .filter((fields) => fields?.[3]?.startsWith("r") === true)
    .map((fields) => ({
      start: Number.parseInt(fields?.[1] ?? "", 16),
      end: Number.parseInt(fields?.[2] ?? "", 16),
      name: fields?.[4] || "anonymous",
    }));
}

/** Yields what can be read, in parts that overlap. */
function* readMapping(
  file: number,
  start: number,
  end: number,
): Generator<{ readonly at: number; readonly bytes: Buffer }> {
  for (let at = start; at < end; at += readBytes) {
    const part = Buffer.alloc(Math.min(readBytes + overlapBytes, end - at));
    let length = 0;
    try {
      length = readSync(file, part, 0, part.length, at);
    } catch {
      // [vvar] and the like, or unmapped meanwhile.
    }
    yield { at, bytes: part.subarray(0, length) };
  }
}

function* piecesIn(
  bytes: Buffer,
  secret: Buffer,
): Generator<{ readonly at: number; readonly text: string }> {
  for (let anchor = 0; anchor + anchorBytes <= secret.length; anchor += anchorBytes) {
    const pattern = secret.subarray(anchor, anchor + anchorBytes);
    for (let at = bytes.indexOf(pattern); at !== -1; at = bytes.indexOf(pattern, at + 1)) {
      let before = 0;
      while (before < Math.min(at, anchor) && isSame(bytes, at, secret, anchor, -before - 1))
        before += 1;
      let after = 0;
      while (anchor + after < secret.length && isSame(bytes, at, secret, anchor, after)) after += 1;
      const text = bytes.toString("latin1", at - before, at + after);
      if (text.length >= pieceBytes) yield { at: at - before, text };
    }
  }
}

function isSame(bytes: Buffer, at: number, secret: Buffer, anchor: number, offset: number) {
  return bytes[at + offset] === secret[anchor + offset];
}
