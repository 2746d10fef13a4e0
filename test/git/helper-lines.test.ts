import { describe, expect, test } from "vitest";
import { helperLines, includeLines, withLines, withoutLines } from "../../src/git/helper-lines.ts";

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

const include = includeLines("~/.gitconfig.git-credential-bitbucket");

describe.each([
  ["lines", lines],
  ["an include", include],
])("%s", (_, added) => {
  test.each([
    ["no file", undefined],
    ["an empty file", ""],
    ["other sections", "[user]\n\tname = Ada\n"],
    ["no end of the last line", "[user]\n\tname = Ada"],
    ["includes of the person's own", "[include]\n\tpath = ~/bitbucket\n[include]\n"],
    [
      "several helpers of the host",
      '[credential "https://bitbucket.org"]\n\thelper = a\n\thelper =\n\thelper = b\n',
    ],
    ["a comment at the end", "[user]\n\tname = Ada\n; the end\n"],
    ["our name in a comment", "# git-credential-bitbucket\n[user] # git-credential-bitbucket\n"],
    ["our name behind a value", "[user]\n\tname = Ada # git-credential-bitbucket\n"],
    ["blank lines at the end", "[user]\n\tname = Ada\n\n\n"],
    ["a blank line only", "\n"],
    ["Windows line ends", "[user]\r\n\tname = Ada\r\n"],
    ["bytes that are no UTF-8, read as Latin-1", "[user]\n\tname = \u00c3\u00ff\n"],
  ])("is undone exactly after %s", (__, before) => {
    const configured = withLines(before, added) ?? "";
    expect(configured).toContain(added);
    expect(withLines(configured, "")).toBe(before);
    expect(withLines(configured, added)).toBe(configured);
  });
});

test("an end that a line was given stays when something came behind it", () => {
  const configured = `${withLines("[a]\n\tb = c", include)}[d]\n\te = f\n`;
  expect(withoutLines(configured)).toBe("[a]\n\tb = c\n[d]\n\te = f\n");
});

test("keeps an include that git added under ours", () => {
  expect(withoutLines(`${include}\tpath = ~/mine\n`)).toBe("[include]\n\tpath = ~/mine\n");
});

test("the lines of earlier versions give way to an include", () => {
  expect(withLines(`[a]\n\tb = c\n${lines}`, include)).toBe(`[a]\n\tb = c\n${include}`);
});

test("replaces the lines of an earlier program and moves them behind what came later", () => {
  const earlier = withLines("[a]\n\tb = c\n", helperLines("/old", ["bitbucket.org"])) ?? "";
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
