// Untrusted text on a screen: whatever could move the cursor, hide or reorder text is masked. CVE-2024-50349.

/** Control, format, private, unassigned and line-breaking characters, and halves of a surrogate pair. */
export const maskedCharacters = /[\p{C}\u2028\u2029]/gu;

/**
 * @param text of a request, of Bitbucket, or of a file another wrote.
 * @returns the same with every character of these as `\x1b` or `\u{202e}`, on one line.
 */
export function printable(text: string): string {
  return text.replaceAll(maskedCharacters, masked);
}

/** @param character one of maskedCharacters. */
export function masked(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code < 256 ? `\\x${digits.padStart(2, "0")}` : `\\u{${digits}}`;
}
