import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { parseAttributes } from "../../src/protocol/attributes.ts";
import { readTarget } from "../../src/accounts/target.ts";
import { foldHost, isOurs, readRequest, type Request } from "../../src/protocol/request.ts";

function read(text: string): Request {
  return readRequest(parseAttributes(Buffer.from(text)));
}

describe("readRequest", () => {
  test("reads everything git may send", () => {
    const request = read(
      "capability[]=authtype\nephemeral=1\nprotocol=https\nhost=bitbucket.org\npath=acme/api.git\n" +
        "username=alice\npassword=s3cr3t\npassword_expiry_utc=1900000000\nwwwauth[]=Basic realm=x\n",
    );
    expect(request).toMatchObject({
      protocol: "https",
      host: "bitbucket.org",
      path: "acme/api.git",
      username: "alice",
      passwordExpiry: 1_900_000_000,
      ephemeral: true,
      capabilities: new Set(["authtype"]),
    });
    expect(request.password?.reveal()).toBe("s3cr3t");
  });

  test("does not show the password", () => {
    const request = read("protocol=https\nhost=bitbucket.org\npassword=s3cr3t\n");
    expect(`${inspect(request, { depth: 9 })}${JSON.stringify(request)}`).not.toContain("s3cr3t");
  });

  test.each([
    ["https", "BitBucket.ORG:443", "bitbucket.org"],
    ["https", "www.bitbucket.org", "bitbucket.org"],
    ["https", "WWW.bitbucket.org:443", "bitbucket.org"],
    ["https", "www.bitbucket.org:8443", "www.bitbucket.org:8443"],
    ["https", "www.example.org", "www.example.org"],
    ["http", "bitbucket.org:443", "bitbucket.org:443"],
  ])("%s and host %s make %s", (protocol, host, expected) => {
    expect(readTarget(read(`protocol=${protocol}\nhost=${host}\n`)).host).toBe(expected);
  });
});

test("isOurs wants https and the whole host", () => {
  const hosts = new Set(["bitbucket.org"]);
  expect(isOurs(read("protocol=https\nhost=bitbucket.org\n"), hosts)).toBe(true);
  expect(isOurs(read("protocol=http\nhost=bitbucket.org\n"), hosts)).toBe(false);
  expect(isOurs(read("protocol=https\nhost=bitbucket.org\n"), new Set())).toBe(false);
});

test("foldHost folds ASCII only", () => {
  expect(foldHost("BitBuc\u{212a}et.ORG", "https")).toBe("bitbuc\u{212a}et.org");
});
