// The rules of curl for proxy URLs and no_proxy.
import { expect, test } from "vitest";
import { bypassesProxy, parseProxy } from "../../src/net/proxy.ts";

test.each([
  ["http://proxy.example.com:3128", "proxy.example.com", 3128, "http"],
  ["http://proxy.example.com", "proxy.example.com", 1080, "http"],
  ["http://proxy.example.com/", "proxy.example.com", 1080, "http"],
  ["http://proxy.example.com:80", "proxy.example.com", 80, "http"],
  ["http://proxy.example.com:80/", "proxy.example.com", 80, "http"],
  ["http://a:b@proxy.example.com:80", "proxy.example.com", 80, "http"],
  ["http://a:80@proxy.example.com", "proxy.example.com", 1080, "http"],
  ["https://proxy.example.com", "proxy.example.com", 443, "https"],
  ["HTTPS://proxy.example.com:8443", "proxy.example.com", 8443, "https"],
  ["proxy.example.com:3128", "proxy.example.com", 3128, "http"],
  ["proxy.example.com", "proxy.example.com", 1080, "http"],
  ["http://[::1]:3128", "::1", 3128, "http"],
  ["http://10.0.0.1:3128", "10.0.0.1", 3128, "http"],
  ["socks5://proxy.example.com:9050", "proxy.example.com", 9050, "socks5"],
  ["socks5h://a:b@proxy.example.com", "proxy.example.com", 1080, "socks5h"],
  ["SOCKS5H://[::1]", "::1", 1080, "socks5h"],
  ["socks4a://10.0.0.1:1", "10.0.0.1", 1, "socks4a"],
  ["socks4://10.0.0.1", "10.0.0.1", 1080, "socks4"],
  ["socks://10.0.0.1", "10.0.0.1", 1080, "socks4"],
])("%s", (text, hostname, port, scheme) => {
  expect(parseProxy(text)).toMatchObject({ hostname, port, scheme });
});

test.each([
  ["http://a:b@proxy:1", "a", "b"],
  ["http://a@proxy:1", "a", ""],
  ["http://a%40b:c%3Ad@proxy:1", "a@b", "c:d"],
  ["socks5h://a%40b:c%3Ad@proxy:1", "a@b", "c:d"],
  ["http://a:%zz@proxy:1", "a", "%zz"],
  ["http://%C3%A4:b@proxy:1", "ä", "b"],
])("login in %s", (text, username, password) => {
  expect(parseProxy(text)).toMatchObject({ name: "proxy:1", login: { username, password } });
});

test.each([
  "ftp://127.0.0.1",
  "socks6://127.0.0.1",
  "socks5://",
  "socks5:///run/tor",
  "http://",
  "a b",
])("%s is none", (text) => expect(parseProxy(text)).toBe("unsupported"));

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
