// What holds for any accounts and any request.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Account, accountState } from "../../src/accounts/account.ts";
import { chooseAccount } from "../../src/accounts/choose.ts";
import { covers, fitOf, isNamedBy, servesAnyUser } from "../../src/accounts/match.ts";
import { tokenKindNames, tokenKinds } from "../../src/servers/token-kind.ts";
import type { Target } from "../../src/accounts/target.ts";
import {
  everywhere,
  exampleAccount,
  exampleRequest,
  inProject,
  inRepository,
  inWorkspace,
} from "./example-account.ts";

const now = Date.parse("2026-06-01T00:00:00.000Z");
const names = ["acme", "other"] as const;
const repositories = ["api", "web"] as const;
const users = ["alice", "bob", "carol"] as const;

const scope = fc.oneof(
  fc.constant(everywhere),
  fc.constantFrom(...names).map(inWorkspace),
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom("CORE", "OPS"))
    .map((pair) => inProject(...pair)),
  fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...repositories))
    .map((pair) => inRepository(...pair)),
);

const account = fc
  .record({
    name: fc.constantFrom("work", "home", "bot", "spare"),
    kind: fc.constantFrom(...tokenKindNames),
    host: fc.constantFrom("bitbucket.org", "bitbucket.example:8443"),
    scope,
    username: fc.option(fc.constantFrom(...users), { nil: undefined }),
    state: fc.constantFrom("approved", "unverified", "rejected"),
    expires: fc.constantFrom(undefined, "2026-05-31T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
    projectRepositories: fc.option(
      fc.dictionary(fc.constantFrom("acme/api", "acme/web", "other/api"), fc.boolean()),
      { nil: undefined },
    ),
  })
  .map((fields) =>
    exampleAccount({
      ...fields,
      gitUsername: tokenKinds[fields.kind].gitUsername ?? fields.username ?? "carol",
    }),
  );

const anyRequest = fc
  .record({
    host: fc.constantFrom(
      "bitbucket.org",
      "www.bitbucket.org",
      "bitbucket.example:8443",
      "evil.example",
    ),
    path: fc.constantFrom(
      undefined,
      "",
      "acme/api.git",
      "acme/web",
      "other/api/wiki",
      "snippets/acme/x",
      "acme/..",
    ),
    username: fc.constantFrom(undefined, "", "work", "x-token-auth", "mallory", ...users),
  })
  .map(exampleRequest);

function isAlive(one: Account): boolean {
  const state = accountState(one, now);
  return tokenKinds[one.kind].usable && (state === "approved" || state === "unverified");
}

function mayServe(one: Account, asked: Target): boolean {
  const isUsers = !asked.username || isNamedBy(one, asked.username) || servesAnyUser(one);
  return isUsers && covers(one, asked);
}

function property(holds: (list: Account[], asked: Target) => void): void {
  fc.assert(fc.property(fc.array(account, { maxLength: 6 }), anyRequest, holds), { numRuns: 3000 });
}

describe("whatever the accounts and the request", () => {
  test("the account is of the request's host, covers its path and serves its user", () => {
    property((list, asked) => {
      const { account: chosen } = chooseAccount(asked, list, now);
      fc.pre(chosen !== undefined);
      expect(chosen.host).toBe(asked.host.replace(/^www\./u, ""));
      expect(mayServe(chosen, asked)).toBe(true);
    });
  });

  test("a dead account is never chosen while a living one could serve", () => {
    property((list, asked) => {
      const { account: chosen } = chooseAccount(asked, list, now);
      fc.pre(chosen !== undefined && !isAlive(chosen));
      expect(list.filter((other) => isAlive(other) && mayServe(other, asked))).toEqual([]);
    });
  });

  test("a miss is no oversight: nothing could serve, or several could", () => {
    property((list, asked) => {
      const choice = chooseAccount(asked, list, now);
      fc.pre(choice.account === undefined);
      expect(list.filter((other) => mayServe(other, asked))).not.toHaveLength(1);
      const several = choice.candidates ?? choice.probe;
      for (const candidate of several ?? [])
        expect(mayServe(candidate, asked) && isAlive(candidate)).toBe(true);
      expect(several?.length).not.toBe(1);
    });
  });

  test("the order of the accounts does not matter", () => {
    property((list, asked) => {
      const one = chooseAccount(asked, list, now);
      const other = chooseAccount(asked, list.toReversed(), now);
      expect(other.account).toBe(one.account);
    });
  });

  test("an account that closes in on the path wins, among those of the same user and state", () => {
    property((list, asked) => {
      const { account: chosen } = chooseAccount(asked, list, now);
      const { place: path } = asked;
      fc.pre(chosen !== undefined && path !== undefined && path !== "odd");
      const isRival = (other: Account): boolean =>
        mayServe(other, asked) &&
        isAlive(other) === isAlive(chosen) &&
        (!asked.username || isNamedBy(other, asked.username) === isNamedBy(chosen, asked.username));
      fc.pre(fitOf(chosen, path) !== "repository");
      expect(list.filter((other) => isRival(other) && fitOf(other, path) === "repository")).toEqual(
        [],
      );
    });
  });
});
