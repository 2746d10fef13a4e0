import { expect, test } from "vitest";
import { findRepository } from "../../../src/flows/login/offers.ts";

const hosts = new Set(["bitbucket.org", "www.bitbucket.org"]);
const remote = (name: string, url: string) => ({ name, url, push: false });

test.each([
  "https://bitbucket.org/acme/api.git",
  "https://bitbucket.org/acme/api",
  "https://alice@bitbucket.org/Acme/API.git",
  "https://alice:secret@bitbucket.org/acme/api.git",
  "https://bitbucket.org/acme/api.git/wiki",
  "git@bitbucket.org:acme/api.git",
  "bitbucket.org:acme/api",
  "ssh://git@bitbucket.org/acme/api.git",
])("offers the repository of %s", (url) => {
  expect(findRepository([remote("origin", url)], hosts)).toEqual({
    workspace: "acme",
    repository: "api",
  });
});

test.each([
  "https://github.com/acme/api.git",
  "https://evilbitbucket.org/acme/api.git",
  "https://bitbucket.org.evil.example/acme/api.git",
  "git@bitbucket.org.evil.example:acme/api.git",
  "https://bitbucket.org/snippets/acme/x1",
  "https://bitbucket.org/acme",
  "https://bitbucket.org/../acme/api",
  "/srv/git/acme/api.git",
  "../api.git",
  "https://bitbucket.org/%ff/api.git",
  "",
])("offers nothing for %j", (url) => {
  expect(findRepository([remote("origin", url)], hosts)).toBeUndefined();
});

test("origin goes before the other remotes", () => {
  const remotes = [
    remote("fork", "https://bitbucket.org/bob/api.git"),
    remote("origin", "https://bitbucket.org/acme/api.git"),
  ];
  expect(findRepository(remotes, hosts)).toEqual({ workspace: "acme", repository: "api" });
  expect(findRepository(remotes.slice(0, 1), hosts)).toEqual({
    workspace: "bob",
    repository: "api",
  });
});
