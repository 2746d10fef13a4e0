import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { inPowerShell } from "../../src/screen/powershell.ts";
import { openScreen } from "../../src/screen/screen.ts";

test.each([
  ["unset BITBUCKET_TOKEN", "Remove-Item Env:BITBUCKET_TOKEN"],
  ["export BITBUCKET_USERNAME=your-username", '$env:BITBUCKET_USERNAME = "your-username"'],
  ["ls -ld 'C:\\a b'", "Get-Acl 'C:\\a b' | Format-List"],
  ["rm 'C:\\it'\\''s.lock'", "Remove-Item 'C:\\it''s.lock'"],
  ["mv 'a b' 'a b.damaged'", "Move-Item 'a b' 'a b.damaged'"],
  ["tail C:\\x", "Get-Content -Tail 10 C:\\x"],
  ["command -v git", "Get-Command -All git"],
  ["df -h C:\\x", "Get-Volume"],
  ["git credential-bitbucket login", "git credential-bitbucket login"],
  ["git config --get-regexp 'credential.*'", "git config --get-regexp 'credential.*'"],
])("%j is %j", (command, expected) => {
  expect(inPowerShell(command)).toBe(expected);
});

const written = `git-credential-bitbucket: error: no, unset X
git-credential-bitbucket: hint: unset X
next: unset X
  next      unset X
the next one: unset X
`;

test.each([
  ["win32", written.replaceAll(/((?:hint|next):? +)unset X/gu, "$1Remove-Item Env:X")],
  ["linux", written],
] as const)("advice on the screen of %s", async (platform, expected) => {
  const stream = new PassThrough();
  openScreen(stream, platform).write(written);
  stream.end();
  expect(await text(stream)).toBe(expected);
});
