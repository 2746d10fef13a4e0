import { expect, test } from "vitest";
import { helperChain } from "../../src/git/helper-chain.ts";

function entries(...rows: readonly (readonly [key: string, value: string])[]) {
  return rows.map(([key, value]) => ({ scope: "global" as const, origin: "file:/f", key, value }));
}

test.each([
  ["credential.helper", true],
  ["credential.https://bitbucket.org.helper", true],
  ["credential.https://BitBucket.org:443.helper", true],
  ["credential.https://ada@bitbucket.org.helper", true],
  ["credential.https://bitbucket.org/acme.helper", true],
  ["credential.https://*.org.helper", true],
  ["credential.bitbucket.org.helper", true],
  ["credential.https://.helper", false],
  ["credential.http://bitbucket.org.helper", false],
  ["credential.https://bitbucket.org:8443.helper", false],
  ["credential.https://bitbucket.org.evil.example.helper", false],
  ["credential.https://github.com.helper", false],
])("%s applies to bitbucket.org: %s", (key, applies) => {
  expect(helperChain(entries([key, "x"]), "bitbucket.org")).toHaveLength(applies ? 1 : 0);
});

test("keeps git's order, blank entries and values of several lines", () => {
  const chain = helperChain(
    entries(
      ["credential.helper", "a"],
      ["credential.https://bitbucket.org.helper", ""],
      ["credential.helper", "!x\ny"],
    ),
    "bitbucket.org",
  );
  expect(chain.map((entry) => entry.value)).toEqual(["a", "", "!x\ny"]);
});
