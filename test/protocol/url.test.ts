// A URL as typed → the request git would make of it. gitcredentials(7).
import { expect, test } from "vitest";
import { HelperError } from "../../src/errors.ts";
import { requestFromUrl } from "../../src/protocol/url.ts";

test.each([
  ["https://bitbucket.org/acme/api.git", "bitbucket.org", "acme/api.git", undefined],
  ["https://alice@bitbucket.org/acme/api.git", "bitbucket.org", "acme/api.git", "alice"],
  ["https://alice:secret@bitbucket.org/acme/api", "bitbucket.org", "acme/api", "alice"],
  ["https://a%40b@bitbucket.org/", "bitbucket.org", "", "a@b"],
  ["https://@bitbucket.org", "bitbucket.org", undefined, ""],
  ["HTTPS://BitBucket.ORG:443//acme/api//", "bitbucket.org", "acme/api", undefined],
  ["https://bitbucket.org:8443/acme/api", "bitbucket.org:8443", "acme/api", undefined],
  ["https://bitbucket.org/acme/%61pi", "bitbucket.org", "acme/api", undefined],
  ["https://bitbucket.org@evil.example/acme/api", "evil.example", "acme/api", "bitbucket.org"],
  ["https://evil.example\\@bitbucket.org/a/b", "bitbucket.org", "a/b", "evil.example\\"],
  ["https://b\u{131}tbucket.org/a/b", "b\u{131}tbucket.org", "a/b", undefined],
])("%s", (url, host, path, username) => {
  expect(requestFromUrl(url, true)).toMatchObject({ protocol: "https", host });
  expect(requestFromUrl(url, true)).toMatchObject({ path, username });
  expect(requestFromUrl(url, false).path).toBeUndefined();
});

test.each([
  "",
  "bitbucket.org/acme/api",
  "git@bitbucket.org:acme/api.git",
  "https://",
  "https:///x",
])("%j is refused with the form that is meant", (url) => {
  expect(() => requestFromUrl(url, true)).toThrow(HelperError);
  expect(() => requestFromUrl(url, true)).toThrow("that is no url");
});
