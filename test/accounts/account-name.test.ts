import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkName, nameAccount, type Nameable } from "../../src/accounts/account-name.ts";
import { refusedOr } from "../support/refused.ts";
import { everywhere, inProject, inRepository, inWorkspace } from "./example-account.ts";

describe("nameAccount", () => {
  test.each<[Nameable, taken: string[], name: string]>([
    [{ scope: everywhere, username: "alice" }, [], "alice"],
    [{ scope: everywhere, username: "Alice_W" }, [], "alice_w"],
    [{ scope: everywhere, email: "alice.w+git@example.com" }, [], "alice.w+git"],
    [{ scope: everywhere, username: "alice", email: "a@example.com" }, [], "alice"],
    [{ scope: everywhere }, [], "bitbucket"],
    [{ scope: everywhere }, ["bitbucket"], "bitbucket-2"],
    [{ scope: inWorkspace("acme"), username: "alice" }, [], "acme"],
    [{ scope: inProject("acme", "CORE") }, [], "acme-core"],
    [{ scope: inRepository("acme", "api") }, [], "acme-api"],
    [{ scope: inRepository("acme", "api.js") }, ["acme-api.js"], "acme-api.js-2"],
    [{ scope: everywhere, username: "alice" }, ["alice", "alice-2", "ALICE-3"], "alice-4"],
    [{ scope: everywhere, username: "a b/c\n" }, [], "a-b-c"],
    [{ scope: everywhere, username: "--all" }, [], "all"],
    [{ scope: everywhere, username: "\u{202e}" }, [], "bitbucket"],
    [{ scope: everywhere, username: "x-token-auth" }, [], "bitbucket"],
    [{ scope: everywhere, username: "u".repeat(100) }, [], "u".repeat(64)],
    [{ scope: everywhere, username: "u".repeat(100) }, ["u".repeat(64)], `${"u".repeat(62)}-2`],
    [{ scope: everywhere, name: "Work" }, [], "Work"],
    [{ scope: everywhere, name: "work" }, ["Work"], "work-2"],
  ])("%j beside %j is called %s", (account, taken, name) => {
    expect(nameAccount(account, taken)).toBe(name);
  });

  test("refuses a name that was asked for and cannot be one", () => {
    expect(refusedOr(() => nameAccount({ scope: everywhere, name: "a b" }, []), "usage")).toBe(
      "refused",
    );
  });

  test("always makes a new name that can be one", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(fc.constantFrom("a", "bitbucket", "a-2", "A")),
        (username, email, taken) => {
          const name = nameAccount(
            { scope: everywhere, username: username || undefined, email },
            taken,
          );
          expect(checkName(name)).toBe(name);
          expect(taken.map((other) => other.toLowerCase())).not.toContain(name.toLowerCase());
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("checkName", () => {
  test.each(["a", "work", "Alice_W", "alice@example.com", "a.b+c-d", "1", "_x", "n".repeat(64)])(
    "takes %s",
    (name) => {
      expect(checkName(name)).toBe(name);
    },
  );

  test.each([
    "",
    "-work",
    "--all",
    ".hidden",
    "..",
    "@x",
    "work.",
    "work@",
    "a b",
    "a/b",
    "a\\b",
    "a:b",
    "a'b",
    "a$b",
    "a\nb",
    "work\n",
    "a\0b",
    "é",
    "a\u{202e}b",
    "n".repeat(65),
    "x-token-auth",
    "X-Bitbucket-API-Token-Auth",
  ])("refuses %j", (name) => {
    expect(refusedOr(() => checkName(name), "usage")).toBe("refused");
  });
});
