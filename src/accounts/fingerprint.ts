// Recognises a secret seen before without keeping it: a salted, truncated SHA-256.
// Only for tokens that Bitbucket makes, which nobody can guess; a password of unknown kind could be tried out, so it gets none.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { recognise } from "../servers/token-kind.ts";
import type { Secret } from "../secret.ts";

const saltBytes = 8;
const digestBytes = 12;

/** @returns `salt:digest` in hex, or undefined for a secret that could be guessed. */
export function fingerprint(secret: Secret): string | undefined {
  if (recognise(secret) === "unknown") return undefined;
  const salt = randomBytes(saltBytes).toString("hex");
  return `${salt}:${digest(salt, secret).toString("hex")}`;
}

/** @param known what fingerprint() returned once. */
export function hasFingerprint(secret: Secret, known: string): boolean {
  const [salt, hex] = known.split(":");
  if (salt === undefined || hex?.length !== digestBytes * 2) return false;
  return timingSafeEqual(digest(salt, secret), Buffer.from(hex, "hex"));
}

function digest(salt: string, secret: Secret): Buffer {
  return createHash("sha256")
    .update(`${salt}:${secret.reveal()}`)
    .digest()
    .subarray(0, digestBytes);
}
