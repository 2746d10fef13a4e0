import { expect, test } from "vitest";
import { findTarget } from "./repository-target.ts";

test.each([
  ["/acme/api.git/info/refs", "repository", "api", "/info/refs"],
  ["/acme/api/git-upload-pack", "repository", "api", "/git-upload-pack"],
  ["/acme/api.js.git/git-receive-pack", "repository", "api.js", "/git-receive-pack"],
  ["/acme/api.git/wiki/info/refs", "wiki", "api", "/info/refs"],
  ["/acme/api/wiki.git/info/refs", "wiki", "api", "/info/refs"],
  ["/acme/api.git/info/lfs/objects/batch", "lfs", "api", "/objects/batch"],
  ["/acme/api/info/lfs/locks/verify", "lfs", "api", "/locks/verify"],
  ["/snippets/acme/sn1pp.git/info/refs", "snippet", "sn1pp", "/info/refs"],
])("%s", (path, part, repository, rest) => {
  expect(findTarget(path)).toEqual({ workspace: "acme", repository, part, rest });
});

test.each(["/", "/acme", "/acme/api.git", "/acme/../api.git/info/refs", "/acme/.git/info/refs"])(
  "%s is nothing",
  (path) => {
    expect(findTarget(path)).toBeUndefined();
  },
);
