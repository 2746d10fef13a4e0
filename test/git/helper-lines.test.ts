import { expect, test } from "vitest";
import { helperCommand, helperLines, withLines, withoutLines } from "../../src/git/helper-lines.ts";

const lines = helperLines("/opt/front", ["bitbucket.org", "www.bitbucket.org"]);

test("writes one section for each host, the blank helper first", () => {
  expect(helperLines("/opt/front", ["bitbucket.org"])).toBe(
    [
      '[credential "https://bitbucket.org"] # git-credential-bitbucket',
      "\thelper = # git-credential-bitbucket",
      '\thelper = "/opt/front" # git-credential-bitbucket',
      "\tuseHttpPath = true # git-credential-bitbucket",
      "",
    ].join("\n"),
  );
});

test.each([
  ["nothing", ""],
  ["other sections", "[user]\n\tname = Ada\n"],
  [
    "several helpers of the host",
    '[credential "https://bitbucket.org"]\n\thelper = a\n\thelper =\n\thelper = b\n',
  ],
  ["a comment at the end", "[user]\n\tname = Ada\n; the end\n"],
  ["blank lines at the end", "[user]\n\tname = Ada\n\n\n"],
  ["Windows line ends", "[user]\r\n\tname = Ada\r\n"],
  ["bytes that are no UTF-8, read as Latin-1", "[user]\n\tname = \u00c3\u00ff\n"],
])("is undone exactly after %s", (_, before) => {
  const configured = withLines(before, lines);
  expect(configured).toContain(lines);
  expect(withoutLines(configured)).toBe(before);
  expect(withLines(configured, lines)).toBe(configured);
});

test("leaves a missing last line end mended", () => {
  expect(withoutLines(withLines("[a]\n\tb = c", lines))).toBe("[a]\n\tb = c\n");
});

test("replaces the lines of an earlier program and moves them behind what came later", () => {
  const earlier = withLines("[a]\n\tb = c\n", helperLines("/old", ["bitbucket.org"]));
  const later = `${earlier}[credential]\n\thelper = cache\n`;
  expect(withLines(later, lines)).toBe(`[a]\n\tb = c\n[credential]\n\thelper = cache\n${lines}`);
});

test("keeps a key that somebody added in our section, under its header", () => {
  const configured = `${withLines("", helperLines("/opt/front", ["bitbucket.org"]))}\tusername = ada\n[a]\n`;
  expect(withoutLines(configured)).toBe(
    '[credential "https://bitbucket.org"] # git-credential-bitbucket\n\tusername = ada\n[a]\n',
  );
});

test("drops its header before comments that belong to what follows", () => {
  expect(withoutLines(`${lines}\n# aliases\n[alias]\n\tb = c\n`)).toBe(
    "\n# aliases\n[alias]\n\tb = c\n",
  );
});

test("refuses a path that would end the line", () => {
  expect(() => helperCommand("/opt/a\nb")).toThrow("control character");
});
