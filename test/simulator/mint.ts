// Secrets of the true shape. docs/bitbucket.md, "Token kinds": the last eight characters of an Atlassian token are the
// CRC32 of everything before them.
import { randomBytes, randomInt } from "node:crypto";
import { crc32 } from "node:zlib";

const headers = { "api-token": "ATATT3xFfGF0", "access-token": "ATCTT3xFfGN0" } as const;
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const alphanumerics = letters.slice(0, -2);

/** @returns 192 characters, as API tokens (with and without scopes) and access tokens have them. */
export function mintAtlassianToken(kind: keyof typeof headers): string {
  return withChecksum(`${headers[kind]}${pick(letters, 171)}=`);
}

/** @returns 36 characters. */
export function mintAppPassword(): string {
  return withChecksum(`ATBB${pick(alphanumerics, 24)}`);
}

/** @returns a token of the new form, three parts parted by dots, of exactly this many characters. */
export function mintOauthToken(characters: number): string {
  const head = Buffer.from(JSON.stringify({ alg: "RS256", typ: "JWT" })).toString("base64url");
  const signature = randomBytes(256).toString("base64url");
  return `${head}.eyJ${pick(letters, characters - head.length - signature.length - 5)}.${signature}`;
}

function withChecksum(start: string): string {
  return start + crc32(start).toString(16).toUpperCase().padStart(8, "0");
}

function pick(alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join("");
}
