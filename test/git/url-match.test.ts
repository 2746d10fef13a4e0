// Keys with a URL in them apply as git applies them: compared with git itself over configurations made by chance.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  closestValues,
  type ConfigEntry,
  lastValue,
  parsePlainListing,
} from "../../src/git/config-entries.ts";
import { normalizeUrl } from "../../src/git/url-match.ts";
import { gitHas } from "../support/git-features.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const scheme = fc.constantFrom("https", "https", "https", "http", "HTTPS", "ftp", "x+y");
const underscore = gitHas.underscoreHosts ? "_" : "-";
const label = fc.constantFrom("a", "b", "A", "bitbucket", "org", "*", "a*", underscore, "-", "");
const host = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
  fc.constantFrom(
    "bitbucket.org",
    "BitBucket.ORG",
    "*.org",
    "bitbucket.*",
    "*.*",
    "bitbucket.org.",
  ),
  fc.constantFrom("[::1]", "[::1", "a:b", "b c", "%62itbucket.org", ""),
);
const port = fc.constantFrom(
  "",
  "",
  "",
  ":",
  ":443",
  ":0443",
  ":80",
  ":8080",
  ":0",
  ":x",
  ":65536",
  ":000001",
);
const user = fc.constantFrom(
  "",
  "",
  "",
  "@",
  "u@",
  "U@",
  "u:p@",
  "%75@",
  "u%2Fx@",
  "u%zz@",
  "u@v@",
  ":p@",
);
const segment = fc.constantFrom(
  "a",
  "b",
  "A",
  "ab",
  ".",
  "..",
  "",
  "%61",
  "%2f",
  "%2e%2E",
  "a b",
  "ä",
  "a%",
  "~",
  "*",
  "a:b",
  "[",
  "|",
  "%C3%A4",
);
const path = fc
  .tuple(
    fc.constantFrom("", "/", "/", "/"),
    fc.array(segment, { maxLength: 4 }),
    fc.constantFrom("", "", "", "?q", "?q/..", "#f", "?%41%3f"),
  )
  .map(([start, segments, end]) => `${start}${start === "" ? "" : segments.join("/")}${end}`);
const url = fc
  .tuple(scheme, user, host, port, path)
  .map(([scheme, ...rest]) => `${scheme}://${rest.join("")}`);
/** What the two have in common makes matches likely. */
const nearUrl = fc
  .tuple(
    fc.constantFrom("", "", "u@", "u:p@", "v@"),
    fc.constantFrom(
      "bitbucket.org",
      "bitbucket.org",
      "*.org",
      "BITBUCKET.org",
      "*.*",
      "bitbucket.org:443",
    ),
    fc.constantFrom("", "/", "/a", "/a/", "/a/b", "/a/b/c", "/A", "/a/./b", "/a/x/..", "/%61"),
  )
  .map((parts) => `https://${parts.join("")}`);
const partial = fc
  .tuple(
    fc.constantFrom("", "://", "https://", "HTTPS://", "http://"),
    fc.constantFrom("", "u@", "v@", "@"),
    fc.constantFrom(
      "",
      "bitbucket.org",
      "BitBucket.org",
      "bitbucket.org:443",
      "%62itbucket.org",
      "*.org",
    ),
    fc.constantFrom("", "/", "/a", "/a/b", "/a/b/", "//a/b", "/%61/b", "?a", "/a%2Fb"),
  )
  .map((parts) => parts.join(""));

const name = fc.constantFrom("one", "two");
const entry = (pattern: fc.Arbitrary<string>) =>
  fc.tuple(fc.option(pattern, { nil: undefined, freq: 8 }), name);

type Line = readonly [pattern: string | undefined, name: string];

/** Values are numbers, so that it shows which line counts. */
function configText(section: string, lines: readonly Line[]): string {
  return lines
    .map(([pattern, key], index) => {
      const quoted = pattern?.replaceAll(/["\\]/gu, String.raw`\$&`);
      const head = quoted === undefined ? section : `${section} "${quoted}"`;
      return `[${head}]\n\t${key} = ${index}\n`;
    })
    .join("");
}

async function entriesOf(file: string): Promise<readonly ConfigEntry[]> {
  const { stdout } = await sandbox.run("git", [
    "config",
    "-z",
    "--show-origin",
    "--file",
    file,
    "--list",
  ]);
  return parsePlainListing(stdout).map(({ origin, key, value }) => ({
    scope: "global",
    origin,
    key,
    value,
  }));
}

/** @returns what git finds by name; undefined when the URL is none to git. */
async function urlMatch(file: string, section: string, asked: string): Promise<object | undefined> {
  const args = ["config", "--file", file, "-z", "--get-urlmatch", section, asked];
  const { stdout, exitCode } = await sandbox.run("git", args);
  if (exitCode === 128) return undefined;
  const found = stdout.split("\0").filter((line) => line !== "");
  return Object.fromEntries(found.map((line) => line.replace(`${section}.`, "").split("\n")));
}

test("the closest counts, of equals the last, as with git config --get-urlmatch", async () => {
  const file = join(sandbox.work, "config");
  let matches = 0;
  const anyUrl = fc.oneof(url, nearUrl, nearUrl);
  const property = fc.asyncProperty(
    fc.array(entry(anyUrl), { minLength: 1, maxLength: 6 }),
    anyUrl,
    async (lines, asked) => {
      await writeFile(file, configText("http", lines));
      const expected = await urlMatch(file, "http", asked);
      expect(normalizeUrl(asked) === undefined).toBe(expected === undefined);
      if (expected === undefined) return;
      const isPlain = !/%|\/\.\.?(?:\/|$)/u.test(asked.replace(/^[^/]*:\/\/[^/?#]*/u, ""));
      if (!isPlain) return;
      matches += Object.keys(expected).length;
      const found = closestValues(await entriesOf(file), "http", asked);
      expect(Object.fromEntries(found)).toEqual(expected);
    },
  );
  await fc.assert(property, { numRuns: 400 });
  expect(matches).toBeGreaterThan(50);
});

test.runIf(gitHas.partialUrls)(
  "of what fits a credential the last counts, also by a part of a URL, as with git credential fill",
  async () => {
    const file = join(sandbox.home, ".gitconfig");
    let matches = 0;
    const property = fc.asyncProperty(
      fc.array(fc.oneof(nearUrl, url, partial, partial), { maxLength: 5 }),
      fc.constantFrom("a/b", "a", "a/b/c", "ä/b"),
      async (patterns, path) => {
        const lines = patterns.map((pattern) => [pattern, "username"] as const);
        await writeFile(file, configText("credential", [[undefined, "username"], ...lines]));
        const helper = "credential.helper=!f() { echo password=p; }; f";
        const input = `protocol=https\nhost=bitbucket.org\npath=${path}\n`;
        const { stdout } = await sandbox.run("git", ["-c", helper, "credential", "fill"], {
          input,
        });
        const expected = /^username=(.*)$/mu.exec(stdout)?.[1];
        const found = lastValue(
          await entriesOf(file),
          "credential",
          "username",
          `https://bitbucket.org/${path}`,
        );
        if (expected !== "0") matches += 1;
        expect(found).toBe(expected);
      },
    );
    await fc.assert(property, { numRuns: 300 });
    expect(matches).toBeGreaterThan(50);
    await rm(file);
  },
);

describe("normal form", () => {
  test.each([
    ["HTTPS://U%73er:p@BitBucket.ORG:0443/%7ea/./b/../c%2fd?x", "User bitbucket.org  /~a/c%2Fd?x"],
    ["https://[::1]:7990", " [::1] 7990 /"],
    ["https://@a", " a  /"],
  ])("%s", (text, expected) => {
    const {
      user = "",
      host: name,
      port,
      path,
    } = normalizeUrl(text) ?? { host: "", port: "", path: "" };
    expect([user, name, port, path].join(" ")).toBe(expected);
  });
});
