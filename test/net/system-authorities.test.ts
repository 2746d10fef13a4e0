import { expect, test } from "vitest";
import { systemAuthorities } from "../../src/net/system-authorities.ts";

const usual = systemAuthorities({});

test("the usual places of systems", () => {
  expect(usual.files).toContain("/etc/ssl/certs/ca-certificates.crt");
  expect(usual.folders).toEqual([]);
});

test("OpenSSL's variables add to them", () => {
  expect(systemAuthorities({ SSL_CERT_FILE: "/ca.pem", SSL_CERT_DIR: "/a:/c" })).toEqual({
    files: [...usual.files, "/ca.pem"],
    folders: ["/a", "/c"],
  });
});

test("a relative path counts for nothing", () => {
  expect(systemAuthorities({ SSL_CERT_FILE: "ca.pem", SSL_CERT_DIR: "a::./b" })).toEqual(usual);
});
