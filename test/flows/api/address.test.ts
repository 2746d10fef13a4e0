import { expect, test } from "vitest";
import { apiAddress } from "../../../src/flows/api/address.ts";

const hosts = new Set(["api.bitbucket.org"]);

test.each([
  ["repositories/acme/api", "/2.0/repositories/acme/api"],
  ["/repositories/acme/api", "/2.0/repositories/acme/api"],
  ["/2.0/user", "/2.0/user"],
  ["2.0/user?fields=uuid", "/2.0/user?fields=uuid"],
  ["https://api.bitbucket.org/2.0/user", "/2.0/user"],
  ["https://api.bitbucket.org/user", "/2.0/user"],
  ["https://api.bitbucket.org/!api/2.0/user", "/2.0/user"],
  ["repositories/acme/api/pipelines/", "/2.0/repositories/acme/api/pipelines/"],
  ["repositories/a%2Fb?q=a%20b%2Bc", "/2.0/repositories/a%2Fb?q=a%20b%2Bc"],
  ['repositories/acme?q=name ~ "ü"', "/2.0/repositories/acme?q=name%20~%20%22%C3%BC%22"],
  [
    "repositories/acme/{1234abcd-0000-4000-8000-000000000000}",
    "/2.0/repositories/acme/%7B1234abcd-0000-4000-8000-000000000000%7D",
  ],
  ["repositories/acme?q=a?b", "/2.0/repositories/acme?q=a?b"],
])("%j is %j", (typed, path) => {
  expect(apiAddress(typed, hosts)).toBe(path);
});

test.each([
  ["", "no resource"],
  ["/", "no resource"],
  ["?x=1", "no resource"],
  ["repositories/../user", ". or .."],
  ["repositories/%2e%2E/user", ". or .."],
  ["./user", ". or .."],
  ["user#x", "fragment"],
  ["user\\x", "character"],
  ["user\r\nHost: x", "character"],
  ["https://evil.example/2.0/user", "only api.bitbucket.org"],
  ["http://api.bitbucket.org/2.0/user", "only api.bitbucket.org"],
  ["https://api.bitbucket.org@evil.example/2.0/user", "only api.bitbucket.org"],
  ["https://api.bitbucket.org:444/2.0/user", "only api.bitbucket.org"],
  ["C:/Program Files/Git/repositories/acme", "drive"],
])("%j is refused: %s", (typed, why) => {
  expect(() => apiAddress(typed, hosts)).toThrow(why);
});
