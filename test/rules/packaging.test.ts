// What describes this program to package managers says the same as package.json.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { programSummary } from "../../src/cli/completions/offer.ts";
import { projectRoot } from "../support/project.ts";

const read = (path: string): string => readFileSync(projectRoot + path, "utf8");
const { version, license, bin } = JSON.parse(read("package.json")) as {
  readonly version: string;
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
};
const url = `https://github.com/git-credential-bitbucket/git-credential-bitbucket/releases/download/v${version}/git-credential-bitbucket-${version}.tgz`;
const formula = read("packaging/homebrew/git-credential-bitbucket.rb");
const manifest = JSON.parse(read("packaging/scoop/git-credential-bitbucket.json")) as Readonly<
  Record<string, unknown>
>;

test("Homebrew's formula is of this version, and said to be untested", () => {
  expect(formula).toContain(`  url "${url}"\n`);
  expect(formula).toContain(`  license "${license}"\n`);
  expect(formula).toContain(`  desc "${programSummary}"\n`);
  expect(formula).toMatch(/^# .*Untested/mu);
});

test("Scoop's manifest is of this version, and said to be untested", () => {
  expect(manifest).toMatchObject({ version, license, url, description: programSummary });
  expect(manifest["##"]).toContain("Untested");
  const [[program = "", name = ""] = []] = manifest["bin"] as readonly string[][];
  expect(bin[name]).toBe(program.replace("\\", "/"));
});

test("the README says that both are untested", () => {
  expect(read("README.md")).toMatch(/packaging\/homebrew[^.]*packaging\/scoop[^.]*untested/u);
});
