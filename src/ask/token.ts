// The token as a person pastes it: cleaned, recognised, and refused when it cannot work whatever Bitbucket says.
import type { Readable } from "node:stream";
import type { Account } from "../accounts/account.ts";
import { warnOfDamage } from "../servers/token-damage.ts";
import { recognise, type TokenKind, tokenKinds } from "../servers/token-kind.ts";
import { explainVerdict } from "../servers/verdict-text.ts";
import { HelperError } from "../errors.ts";
import { Secret } from "../secret.ts";

/** More than any token (10 kB); what is longer is a file given by mistake. */
const maxTokenBytes = 65_536;

/** @param text one line. Throws HelperError `bad-token` for an empty one and for control characters. */
export function readToken(text: string): Secret {
  const token = text.replaceAll(/^[\p{Zs}\t\uFEFF\u200B]+|[\p{Zs}\t\uFEFF\u200B]+$/gu, "");
  if (token === "") throw new HelperError("bad-token", "no token was given");
  if (/\p{Cc}/u.test(token))
    throw new HelperError("bad-token", "a token is one line without control characters");
  return new Secret(token);
}

/** One line of standard input, its line end dropped. Throws HelperError `bad-token`. */
export async function readTokenFromStdin(stdin: Readable): Promise<Secret> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    total += chunk.length;
    if (total > maxTokenBytes)
      throw new HelperError("bad-token", "standard input holds more than a token");
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
    return readToken(text.replace(/\r?\n$/u, ""));
  } catch (error) {
    if (error instanceof HelperError) throw error;
    throw new HelperError("bad-token", "standard input is not text");
  }
}

/**
 * @param username the one it came with: it may tell the kind of a secret without a known shape.
 * Throws HelperError `bad-token` for a kind that bitbucket.org takes no more or never took.
 */
export function recogniseUsable(
  secret: Secret,
  username: string | undefined,
  renews: Account | undefined,
): TokenKind {
  const kind = recognise(secret, username);
  if (tokenKinds[kind].usable) return kind;
  const subject = { kind, name: renews?.name };
  const { message, hint } = explainVerdict({ outcome: "unknown", because: "" }, subject);
  throw new HelperError("bad-token", message, { hint });
}

/** @returns why a token may not be what the person copied, or undefined. */
export function doubtAboutToken(secret: Secret, kind: TokenKind): string | undefined {
  if (kind === "unknown")
    return "this looks like no token of bitbucket: an API token begins with ATAT, an access token with ATCT";
  return warnOfDamage(secret);
}
