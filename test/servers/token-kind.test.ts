import { describe, expect, test } from "vitest";
import {
  recognise,
  type TokenKind,
  tokenKindNames,
  tokenKinds,
} from "../../src/servers/token-kind.ts";
import { Secret } from "../../src/secret.ts";

describe("recognise", () => {
  test.each<[secret: string, username: string | undefined, kind: TokenKind]>([
    ["ATATT3xFfGF0aaaa", undefined, "api-token"],
    ["ATATaaaa", undefined, "api-token"],
    ["ATCTT3xFfGN0aaaa", undefined, "access-token"],
    ["ATBBaaaaaaaaaaaaaaaaaaaaaaaa00000000", undefined, "app-password"],
    ["BBDC-MjMzNDU2", undefined, "data-center-token"],
    ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln", undefined, "oauth-token"],
    ["eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", undefined, "oauth-token"],
    // the shape goes before the username
    ["ATATT3xFfGF0aaaa", "x-token-auth", "api-token"],
    ["ATCTT3xFfGN0aaaa", "x-bitbucket-api-token-auth", "access-token"],
    ["ATBBaaaa", "x-token-auth", "app-password"],
    ["BBDC-aaaa", "x-token-auth", "data-center-token"],
    // no known shape
    ["opaque", "x-token-auth", "oauth-token"],
    ["opaque", "x-bitbucket-api-token-auth", "api-token"],
    ["opaque", "alice", "unknown"],
    ["opaque", "", "unknown"],
    ["opaque", undefined, "unknown"],
    ["aBcDeFgHiJkLmNoPqRsT", "alice", "unknown"], // an older app password, or anything else
    ["", undefined, "unknown"],
    // near misses
    ["atatt3xffgf0aaaa", undefined, "unknown"],
    ["xATATT3xFfGF0aaaa", undefined, "unknown"],
    [" ATATT3xFfGF0aaaa", undefined, "unknown"],
    ["x\nATATT3xFfGF0aaaa", undefined, "unknown"],
    ["BBDCaaaa", undefined, "unknown"],
    ["eyJhbGciOiJub25lIn0", undefined, "unknown"],
    ["eyJ.a.b\nc", undefined, "unknown"],
    ["opaque", "X-Token-Auth", "unknown"],
    ["opaque", "__proto__", "unknown"],
  ])("%j of %j", (secret, username, kind) => {
    expect(recognise(new Secret(secret), username)).toBe(kind);
  });
});

describe("the table", () => {
  test("has a username and a way into REST for what works, and none for what does not", () => {
    for (const kind of tokenKindNames) {
      const { usable, gitUsername, restAuth } = tokenKinds[kind];
      const isKnown = usable && kind !== "unknown";
      expect([kind, gitUsername !== undefined, restAuth !== "none"]).toEqual([
        kind,
        isKnown,
        isKnown,
      ]);
    }
  });
});
