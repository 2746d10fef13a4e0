import { expect, test } from "vitest";
import { accountHost } from "../../src/servers/servers.ts";

test.each([
  ["www.bitbucket.org", "bitbucket.org"],
  ["bitbucket.org", "bitbucket.org"],
  ["www.bitbucket.org:8443", "www.bitbucket.org:8443"],
  ["www.example.org", "www.example.org"],
  ["x.www.bitbucket.org", "x.www.bitbucket.org"],
])("the accounts of %s are kept under %s", (host, expected) => {
  expect(accountHost(host)).toBe(expected);
});
