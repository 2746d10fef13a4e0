import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldAscii } from "../../../src/servers/repository-path.ts";
import { parseRepositoryPath } from "../../../src/servers/cloud/repository-url.ts";

const api = { workspace: "acme", repository: "api" };

describe("parseRepositoryPath", () => {
  test.each([
    ["acme/api.git", { ...api, part: "repository" }],
    ["acme/api", { ...api, part: "repository" }],
    ["Acme/API.git", { ...api, part: "repository" }],
    ["acme/api.GIT", { ...api, part: "repository" }],
    ["acme/api.git/wiki", { ...api, part: "wiki" }],
    ["acme/api/wiki", { ...api, part: "wiki" }],
    ["acme/api/wiki.git", { ...api, part: "wiki" }],
    ["acme/api/wiki.git/info/lfs", { ...api, part: "wiki" }],
    ["acme/api.git/wiki/info/lfs/objects/batch", { ...api, part: "wiki" }],
    ["acme/api.git/info/lfs", { ...api, part: "lfs" }],
    ["acme/api/info/lfs", { ...api, part: "lfs" }],
    ["acme/api.git/info/lfs/objects/batch", { ...api, part: "lfs" }],
    ["acme/api.git/info/lfs/locks/1/unlock", { ...api, part: "lfs" }],
    ["snippets/acme/aBc1", { workspace: "acme", part: "snippet" }],
    ["snippets/acme/aBc1.git", { workspace: "acme", part: "snippet" }],
    ["acme/snippets", { workspace: "acme", repository: "snippets", part: "repository" }],
    // a repository may be called like a part of one
    ["acme/wiki", { workspace: "acme", repository: "wiki", part: "repository" }],
    ["acme/wiki.git", { workspace: "acme", repository: "wiki", part: "repository" }],
    ["acme/wiki/wiki", { workspace: "acme", repository: "wiki", part: "wiki" }],
    ["acme/info", { workspace: "acme", repository: "info", part: "repository" }],
    // or have .git in its own name
    ["acme/api.git.git", { workspace: "acme", repository: "api.git", part: "repository" }],
    ["acme/.github", { workspace: "acme", repository: ".github", part: "repository" }],
    ["a_b-c/d.e_f-g.git", { workspace: "a_b-c", repository: "d.e_f-g", part: "repository" }],
    ["wiki/api", { workspace: "wiki", repository: "api", part: "repository" }],
    [
      "{0B5F5B4A-0000-4000-8000-000000000000}/api",
      {
        workspace: "{0b5f5b4a-0000-4000-8000-000000000000}",
        repository: "api",
        part: "repository",
      },
    ],
  ])("%s", (path, expected) => {
    expect(parseRepositoryPath(path)).toEqual(expected);
  });

  test.each([
    "",
    "/",
    "acme",
    "acme/",
    "/acme/api",
    "acme/api/",
    "acme//api",
    "acme/api//wiki",
    "acme/.git",
    "acme/api/src",
    "acme/api.git/wiki/Home",
    "acme/api.git/info",
    "acme/api.git/info/refs",
    "acme/api.git/info/lfs/",
    "acme/api.git/info/lfs/../../../other/secret",
    "snippets",
    "snippets/acme",
    "snippets/acme/.git",
    "snippets/acme/id/files",
    "..",
    "../acme/api",
    "acme/..",
    "acme/../other",
    "acme/api/../other",
    "acme/./api",
    "./acme/api",
    "acme/...",
    "acme/api%2f..",
    "acme%2fapi",
    "acme\\api",
    "acme/api?x=1",
    "acme/api#x",
    "acme/api;x",
    "acme/api:x",
    "acme/a pi",
    " acme/api",
    "acme/api\n",
    "acme/api\r",
    "acme/api\0",
    "acme/api\t",
    "acme/api\u{7f}",
    "acme/api\u{2028}",
    "acme/api\u{2028}acme/other",
    "acme/ap\u{ed}",
    "a\u{212a}me/api",
    "acme\u{2215}api",
    "acme/\u{ff41}pi",
    "~acme/api",
    "acme/api@x",
    "{not-a-uuid}/api",
    "https://bitbucket.org/acme/api",
    "!api/2.0/snippets",
  ])("refuses %j", (path) => {
    expect(parseRepositoryPath(path)).toBeUndefined();
  });

  test("finds nothing but plain folded slugs, whatever the path", () => {
    const piece = fc.oneof(
      fc.constantFrom("acme", "API", ".git", "wiki", "info/lfs", "snippets", "..", ".", "%", "\n"),
      fc.string({ unit: "binary", maxLength: 4 }),
    );
    const paths = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join("/"));
    fc.assert(
      fc.property(paths, (path) => {
        const { workspace, repository } = parseRepositoryPath(path) ?? { workspace: "none" };
        for (const slug of [workspace, repository ?? "none"]) {
          expect(slug).toMatch(/^(?:[a-z0-9_.-]+|\{[0-9a-f-]{36}\})$/u);
          expect(slug).not.toMatch(/^\.+$/u);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test("foldAscii leaves other letters alone", () => {
  expect(foldAscii("AÄ\u{212a}\u{130}z")).toBe("aÄ\u{212a}\u{130}z");
});
