import { expect, test } from "vitest";
import { crc32 } from "node:zlib";
import { mintAppPassword, mintAtlassianToken, mintOauthToken } from "./mint.ts";
import { tokenKinds } from "../../src/servers/token-kind.ts";

function checksum(secret: string): string {
  return crc32(secret.slice(0, -8)).toString(16).toUpperCase().padStart(8, "0");
}

test("the checksum is CRC32 as everybody computes it", () => {
  // The check value of CRC-32/ISO-HDLC.
  expect(crc32("123456789")).toBe(0xcb_f4_39_26);
});

test.each([
  ["api-token", /^ATATT3xFfGF0[\w-]{171}=[0-9A-F]{8}$/u],
  ["access-token", /^ATCTT3xFfGN0[\w-]{171}=[0-9A-F]{8}$/u],
] as const)("an %s", (kind, shape) => {
  const secret = mintAtlassianToken(kind);
  expect(secret).toMatch(shape);
  expect(secret).toHaveLength(192);
  expect(secret.slice(-8)).toBe(checksum(secret));
  expect(secret).toMatch(tokenKinds[kind].shape ?? /^$/u);
});

test("an app password", () => {
  const secret = mintAppPassword();
  expect(secret).toMatch(/^ATBB[A-Za-z0-9]{24}[0-9A-F]{8}$/u);
  expect(secret.slice(-8)).toBe(checksum(secret));
});

test("an OAuth token of the length asked for", () => {
  const secret = mintOauthToken(3_000);
  expect(secret).toHaveLength(3_000);
  expect(secret).toMatch(tokenKinds["oauth-token"].shape ?? /^$/u);
});
