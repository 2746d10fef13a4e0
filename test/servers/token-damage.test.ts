import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { warnOfDamage } from "../../src/servers/token-damage.ts";
import { Secret } from "../../src/secret.ts";

const apiToken = withChecksum(`ATATT3xFfGF0${"aB-_9".repeat(35).slice(0, 171)}=`);
const accessToken = withChecksum(`ATCTT3xFfGN0${"z0_-Q".repeat(35).slice(0, 171)}=`);
const appPassword = withChecksum(`ATBB${"aB9".repeat(8)}`);

function withChecksum(text: string): string {
  return text + crc32(text).toString(16).toUpperCase().padStart(8, "0");
}

describe("warnOfDamage", () => {
  test("knows the layouts", () => {
    expect([apiToken.length, accessToken.length, appPassword.length]).toEqual([192, 192, 36]);
  });

  test.each([
    ["a whole API token", apiToken],
    ["a whole access token", accessToken],
    ["a whole app password", appPassword],
    ["a longer one, since lengths vary", withChecksum(`ATATT3xFfGF0${"a".repeat(300)}=`)],
    ["another version of the layout", "ATATT4yGgHG1short"],
    ["something else", "hunter2 with spaces"],
    ["nothing", ""],
  ])("says nothing about %s", (_title, token) => {
    expect(warnOfDamage(new Secret(token))).toBeUndefined();
  });

  test.each([
    [
      "clipped by a prompt",
      apiToken.slice(0, 128),
      "the token seems cut off: 128 characters, most have 192",
    ],
    [
      "without its last character",
      accessToken.slice(0, -1),
      "the token seems cut off: 191 characters, most have 192",
    ],
    [
      "an app password clipped",
      appPassword.slice(0, 20),
      "the token seems cut off: 20 characters, most have 36",
    ],
    [
      "one character changed",
      apiToken.replace("aB", "aC"),
      "the token seems damaged: its checksum does not match, a character was lost or changed",
    ],
    [
      "a character lost in the middle",
      accessToken.replace("z0", "z"),
      "the token seems damaged: its checksum does not match, a character was lost or changed",
    ],
    [
      "wrapped by a terminal",
      `${apiToken.slice(0, 80)} ${apiToken.slice(80)}`,
      "the token contains characters that no Bitbucket token has, such as spaces or quotes",
    ],
    [
      "with the quote behind it",
      `${apiToken}"`,
      "the token contains characters that no Bitbucket token has, such as spaces or quotes",
    ],
  ])("warns of a token %s", (_title, token, warning) => {
    expect(warnOfDamage(new Secret(token))).toBe(warning);
  });

  test("never contains the token", () => {
    for (let length = 12; length < apiToken.length; length += 1)
      expect(warnOfDamage(new Secret(apiToken.slice(0, length))) ?? "").not.toContain("ATATT");
  });
});
