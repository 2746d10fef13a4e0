// The rules of curl for proxy URLs and no_proxy.
import { expect, test } from "vitest";
import { bypassesProxy, parseProxy } from "../../src/net/proxy.ts";

test.each([
  ["http://proxy.example.com:3128", "proxy.example.com", 3128, false],
  ["http://proxy.example.com", "proxy.example.com", 1080, false],
  ["http://proxy.example.com/", "proxy.example.com", 1080, false],
  ["http://proxy.example.com:80", "proxy.example.com", 80, false],
  ["http://proxy.example.com:80/", "proxy.example.com", 80, false],
  ["http://a:b@proxy.example.com:80", "proxy.example.com", 80, false],
  ["http://a:80@proxy.example.com", "proxy.example.com", 1080, false],
  ["https://proxy.example.com", "proxy.example.com", 443, true],
  ["HTTPS://proxy.example.com:8443", "proxy.example.com", 8443, true],
  ["proxy.example.com:3128", "proxy.example.com", 3128, false],
  ["proxy.example.com", "proxy.example.com", 1080, false],
  ["http://[::1]:3128", "::1", 3128, false],
  ["http://10.0.0.1:3128", "10.0.0.1", 3128, false],
])("%s", (text, hostname, port, secure) => {
  expect(parseProxy(text)).toMatchObject({ hostname, port, secure });
});

test.each([
  ["http://a:b@proxy:1", "a:b"],
  ["http://a@proxy:1", "a:"],
  ["http://a%40b:c%3Ad@proxy:1", "a@b:c:d"],
  ["http://a:%zz@proxy:1", "a:%zz"],
  ["http://%C3%A4:b@proxy:1", "ä:b"],
])("credentials of %s", (text, pair) => {
  const proxy = parseProxy(text);
  expect(proxy).toMatchObject({
    name: "proxy:1",
    authorization: `Basic ${Buffer.from(pair).toString("base64")}`,
  });
});

test.each([
  ["api.bitbucket.org", "api.bitbucket.org", true],
  ["api.bitbucket.org", "bitbucket.org", true],
  ["api.bitbucket.org", ".bitbucket.org", true],
  ["api.bitbucket.org", "*.bitbucket.org", true],
  ["api.bitbucket.org", "BITBUCKET.ORG", true],
  ["api.bitbucket.org", "bitbucket.org.", true],
  ["api.bitbucket.org.", "bitbucket.org", true],
  ["api.bitbucket.org", "org", true],
  ["api.bitbucket.org", "*", true],
  ["api.bitbucket.org", "example.com,bitbucket.org", true],
  ["api.bitbucket.org", "example.com bitbucket.org", true],
  ["api.bitbucket.org", " example.com , bitbucket.org ", true],
  ["api.bitbucket.org", "", false],
  ["api.bitbucket.org", ",", false],
  ["api.bitbucket.org", ".", false],
  ["api.bitbucket.org", "ucket.org", false],
  ["api.bitbucket.org", "api.bitbucket.org.example.com", false],
  ["api.bitbucket.org", "a.api.bitbucket.org", false],
  ["api.bitbucket.org", "api.*", false],
  ["api.bitbucket.org", "10.0.0.0/8", false],
  ["127.0.0.1", "127.0.0.1", true],
  ["127.0.0.1", "127.0.0.0/8", true],
  ["127.0.0.1", "127.0.0.1/32", true],
  ["127.0.0.1", "0.0.0.0/0", true],
  ["127.0.0.1", "126.0.0.0/8", false],
  ["127.0.0.1", "127.0.0.0/33", false],
  ["127.0.0.1", "127.0.0.0/-1", false],
  ["127.0.0.1", "127.0.0.0/a", false],
  ["127.0.0.1", "10.0.0.0/", false],
  ["127.0.0.1", "127.0.0.0/8/8", false],
  ["127.0.0.1", "0.0.1", false],
  ["127.0.0.1", "::1", false],
  ["::1", "::1", true],
  ["::1", "[::1]", true],
  ["fe80::1", "fe80::/10", true],
  ["::1", "127.0.0.1", false],
])("%s with no_proxy %j: straight is %s", (host, noProxy, straight) => {
  expect(bypassesProxy(host, noProxy)).toBe(straight);
});
