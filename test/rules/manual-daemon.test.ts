// The daemon's page and the tables of commands and settings say the same, and so do usage lines and completions.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/table.ts";
import { settingRows } from "../../src/settings/setting-rows.ts";
import { projectRoot } from "../support/project.ts";

const read = (name: string): string => readFileSync(`${projectRoot}man/${name}`, "utf8");
const page = read("git-credential-bitbucket-daemon.1");
const daemon = commands.find(({ name }) => name === "daemon");
const subcommands = typeof daemon?.completes === "object" ? daemon.completes : [];

function all(pattern: RegExp): readonly string[] {
  return [...page.matchAll(pattern)].map(([, found = ""]) => found).toSorted();
}

test("every subcommand is described, and no other", () => {
  expect(all(/^\.It Cm ([a-z]+)/gmu)).toEqual(subcommands.toSorted());
});

test("the settings of the daemon stand there, and only real ones", () => {
  const keys = settingRows.map(({ key }) => key);
  const told = all(/^\.It Va (\S+)/gmu);
  expect(keys).toEqual(expect.arrayContaining([...told]));
  expect(told).toEqual(
    keys.filter((key) => /Daemon|IdleTimeout|CacheTimeout/u.test(key)).toSorted(),
  );
});

test.each(commands.filter(({ completes }) => Array.isArray(completes)))(
  "completions offer what the usage of $name says",
  ({ usage, completes = [] }) => {
    const words = usage.replaceAll(/\[[^\]]*\]/gu, "").split("|");
    expect(words.map((word) => word.trim())).toEqual(completes);
  },
);

test("every page that another refers to as ours is there", () => {
  const pages = readdirSync(`${projectRoot}man`);
  const referred = pages.flatMap((name) =>
    [...read(name).matchAll(/^\.Xr (git-credential-bitbucket\S*) 1/gmu)].map(
      ([, found = ""]) => `${found}.1`,
    ),
  );
  expect(pages).toEqual(expect.arrayContaining([...new Set(referred)]));
});
