// Hints are commands one can paste, whatever a file, a repository or a host is called: the shell must get exactly that
// name, run nothing in it, and the screen must show no character of it that moves, hides or reorders text.
import { maskedCharacters } from "./printable.ts";

/** What bash, zsh and sh leave alone. */
const plain = /^[\w@%+:,./-][\w@%+=:,./-]*$/u;

/** @returns the value as one word of a shell; plain words stay as they are. */
export function shellWord(value: string): string {
  // Not an "=" at the beginning: zsh looks for a program of that name.
  if (plain.test(value)) return value;
  if (value.search(maskedCharacters) === -1) return `'${value.replaceAll("'", String.raw`'\''`)}'`;
  // As bash, zsh and ksh read it. No ' and no ! in it: what reads a line before the shell does takes them for its own.
  const escaped = value.replaceAll(/[\\'!]/gu, bytesOf).replaceAll(maskedCharacters, bytesOf);
  return `$'${escaped}'`;
}

/** The character's bytes as `\x1b`. */
function bytesOf(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => String.raw`\x` + byte.toString(16).padStart(2, "0"))
    .join("");
}
