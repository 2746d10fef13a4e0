// Tells a token that was cut off or changed in copying. docs/bitbucket.md, "Token kinds": Atlassian
// calls the length "varied, not fixed", so this only ever warns.
import { crc32 } from "node:zlib";
import type { Secret } from "../secret.ts";

const layouts = [
  // API and access tokens: 12 known characters, 171 of base64url, "=", and the CRC-32 of all that in upper-case hex.
  { head: /^ATATT3xFfGF0|^ATCTT3xFfGN0/u, end: /=[0-9A-F]{8}$/u, length: 192 },
  // App passwords: ATBB, 24 letters and digits, the CRC-32.
  { head: /^ATBB/u, end: /[0-9A-F]{8}$/u, length: 36 },
];

/** @returns a sentence without the token, or undefined when nothing looks wrong. */
export function warnOfDamage(secret: Secret): string | undefined {
  const layout = layouts.find(({ head }) => secret.matches(head));
  if (layout === undefined) return undefined;
  if (!secret.matches(/^[\w=-]+$/u))
    return "the token contains characters that no Bitbucket token has, such as spaces or quotes";
  if (!secret.matches(layout.end))
    return `the token seems cut off: ${secret.length} characters, most have ${layout.length}`;
  if (!checksumMatches(secret))
    return "the token seems damaged: its checksum does not match, a character was lost or changed";
  return undefined;
}

function checksumMatches(secret: Secret): boolean {
  const token = secret.reveal(); // stays in this function
  return crc32(token.slice(0, -8)) === Number.parseInt(token.slice(-8), 16);
}
