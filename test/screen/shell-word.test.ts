// A word in a hint, pasted into real shells: they get exactly it, and run nothing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { dirSync } from "tmp-promise";
import { afterAll, describe, expect, test } from "vitest";
import { shellWord } from "../../src/screen/shell-word.ts";

const folder = dirSync({ unsafeCleanup: true });
afterAll(() => {
  folder.removeCallback();
});

const hostile = [
  "plain/path_1.x,y:z@w%+-",
  "with space",
  "it's",
  "$(touch pwned)",
  "`touch pwned`",
  "'; touch pwned; '",
  '"; touch pwned; "',
  "$'\\x27; touch pwned'",
  "a\ntouch pwned\n",
  "a\r\ntouch pwned",
  "a\x1b[2Jb",
  "a\x1b[201~\ntouch pwned\n",
  "a\x07b\x08c\x7fd\x9be",
  "a\u202egpj.exe\u2066\u2069",
  "a\u2028b\u2029c\u00ad\u200b\ufeff",
  "a\u{e0041}b",
  "\x1b'$(touch pwned)'",
  "\x1b\\'; touch pwned; '",
  "\n!!",
  "!!",
  "!touch",
  "a!b'c!d",
  "=ls",
  "a=b",
  "~",
  "~root",
  "~+",
  "#comment",
  "a # b",
  "-rf",
  "*",
  "[a-z]*?",
  "{a,b}",
  "a|b&c;d<e>f(g)h",
  "\\",
  "\\n",
  "a\\\x1b\\b",
  "^a^b",
  "żółć 文字 😀",
  "",
];

/** Typed at a prompt, where history and zsh's lack of comments count; and in a script. */
const shells: readonly (readonly [string, readonly string[], "typed" | "script"])[] = [
  ["bash", ["--norc", "--noprofile"], "script"],
  ["zsh", ["-f"], "script"],
  ["bash", ["--norc", "--noprofile", "-i"], "typed"],
  ["zsh", ["-f", "-i"], "typed"],
];

function wordsAsRead(shell: string, options: readonly string[], line: string): readonly string[] {
  const output = join(folder.name, "words");
  const command = `printf '%s\\0' ${line} >${output}\n`;
  const env = { PATH: process.env["PATH"], HOME: folder.name, LC_ALL: "C.UTF-8", HISTFILE: "" };
  spawnSync(shell, [...options, "-s"], { input: command, cwd: folder.name, env });
  const read = spawnSync("cat", [output]).stdout.toString("utf8").split("\0").slice(0, -1);
  spawnSync("rm", ["-f", output]);
  return read;
}

describe.each(shells)("%s %j, %s", (shell, options) => {
  test.each(hostile.map((word) => [JSON.stringify(word), word]))("%s", (_shown, word) => {
    const written = shellWord(word);
    expect(wordsAsRead(shell, options, `${written} end`)).toEqual([word, "end"]);
    expect(existsSync(join(folder.name, "pwned"))).toBe(false);
  });

  test("whatever", () => {
    const character = fc.constantFrom(
      ...Array.from(
        "ab/.-=~$`'\"\\!#;&|<>()[]{}*?^ \n\r\t\x1b\x07\x7f\x9b\u202e\u2028\u200d\u{e0041}é文😀0f",
      ),
    );
    const words = fc.array(fc.array(character, { maxLength: 12 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, (several) => {
        const names = several.map((characters) => characters.join(""));
        const line = names.map((name) => shellWord(name)).join(" ");
        expect(wordsAsRead(shell, options, line)).toEqual(names);
      }),
      { numRuns: 30 },
    );
  });
});

test.each(hostile.map((word) => [JSON.stringify(word), word]))(
  "%s has nothing in it that a screen obeys",
  (_shown, word) => {
    expect(shellWord(word)).not.toMatch(/[\p{C}\u2028\u2029]/u);
  },
);

test.each([
  ["/home/ada/x", "/home/ada/x"],
  ["/home/ada o'x", String.raw`'/home/ada o'\''x'`],
  ["/tmp/\x1b[2J", String.raw`$'/tmp/\x1b[2J'`],
  ["=ls", "'=ls'"],
])("%j is written %s", (word, written) => {
  expect(shellWord(word)).toBe(written);
});
