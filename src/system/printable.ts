// Untrusted text on a screen: whatever could move the cursor, hide or reorder text is masked. CVE-2024-50349.

/**
 * @param text of a request, of Bitbucket, or of a file another wrote.
 * @returns the same with every control, format, unassigned or line-breaking character as `\x1b` or `\u{202e}`, on one line.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{C}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    return code < 256 ? `\\x${digits.padStart(2, "0")}` : `\\u{${digits}}`;
  });
}
