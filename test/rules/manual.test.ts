// The manual page and the tables of commands, options and settings say the same.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tokenKinds } from "../../src/servers/token-kind.ts";
import { commands } from "../../src/cli/table.ts";
import { settingRows } from "../../src/settings/setting-rows.ts";
import { projectRoot } from "../support/project.ts";

const page = readFileSync(`${projectRoot}man/git-credential-bitbucket.1`, "utf8");
const typed = commands.filter(({ isInternal }) => isInternal !== true);

/** The lines from one heading to the next. */
function section(title: string): string {
  return page.split(/^\.Sh /mu).find((part) => part.startsWith(`${title}\n`)) ?? "";
}

function all(pattern: RegExp, text: string): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, found = ""]) => found))].toSorted();
}

const names = typed.map(({ name }) => name).toSorted();

test("the synopsis shows every command", () => {
  const synopsis = section("SYNOPSIS");
  expect(all(/^\.Nm git credential-bitbucket\n\.Cm ([a-z]+)/gmu, synopsis)).toEqual(names);
});

describe.each(typed)("$name", ({ name, options }) => {
  const flags = Object.keys(options).toSorted();

  test("stands once in the synopsis, and is described once", () => {
    expect(section("SYNOPSIS").split(`\n.Cm ${name}\n`)).toHaveLength(2);
    expect(section("COMMANDS").match(new RegExp(`^\\.It Cm ${name}\\b`, "gmu"))).toHaveLength(1);
  });

  test("has its options in the synopsis, and no other", () => {
    const text =
      section("SYNOPSIS")
        .split(".Nm ")
        .find((part) => part.includes(`.Cm ${name}\n`)) ?? "";
    expect(all(/Fl -([a-z-]+)/gu, text)).toEqual(flags);
  });

  test("has each option described, with the name of its value", () => {
    const text =
      section("COMMANDS")
        .split(/^\.It Cm /mu)
        .find((part) => part.startsWith(name)) ?? "";
    expect(all(/\bFl -(?!version)([a-z-]+)/gu, text)).toEqual(flags);
    const items = Object.entries(options).flatMap(([flag, { value }]) =>
      value === undefined ? [] : [`.It Fl -${flag} Ar ${value}`],
    );
    expect(text.split("\n")).toEqual(expect.arrayContaining(items));
  });
});

test("every operation of git's is described", () => {
  const text = section("COMMANDS").split(".Ss What git calls")[1] ?? "";
  expect(all(/^\.It Cm ([a-z]+)/gmu, text)).toEqual(["capability", "erase", "get", "store"]);
});

test("every setting stands there with its variable, and no other", () => {
  const rows = settingRows.map(({ key, env }) => `${key} Pq Ev ${env}`).toSorted();
  expect(all(/^\.It Va (.+)$/gmu, section("SETTINGS"))).toEqual(rows);
});

test.each(
  settingRows.filter((row) => /^(?:\d+[smhd]|true|first-use|silent|https:.*)$/u.test(row.default)),
)("the default of $key is told", (row) => {
  const text = section("SETTINGS")
    .split(/^\.It Va /mu)
    .find((part) => part.startsWith(`${row.key} `));
  expect(text).toContain(row.default);
});

test("the table of token kinds is the program's", () => {
  const rows = section("TOKEN KINDS")
    .split("\n")
    .filter((line) => / Ta /u.test(line));
  for (const kind of ["api-token", "access-token", "oauth-token"] as const) {
    const { title, gitUsername } = tokenKinds[kind];
    expect(rows.some((row) => row.startsWith(`.It ${title} Ta Li ${gitUsername} Ta `))).toBe(true);
  }
});
