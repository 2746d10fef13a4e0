// Bitbucket's bad days under its real name, through the program: nothing is lost and nothing goes astray.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Fault, rateLimits } from "../../simulator/faults.ts";
import type { Token } from "../../simulator/records.ts";
import { openWorld, type World } from "../../support/world.ts";

let world: World;
let token: Token;

beforeAll(async () => {
  world = await openWorld({ gitConfig: { "credential.bitbucketTimeout": "2" } });
  token = world.site.apiToken("alice");
  const options = ["--account", "work", "--email", "alice@example.com", "--store", "file"];
  const result = await world.helper(["login", "--with-token", ...options], {
    input: `${token.secret}\n`,
  });
  if (result.exitCode !== 0) throw new Error(result.stderr);
});
beforeEach(() => world.forgetLog());
afterAll(async () => await world.close());

describe("no answer to a check", () => {
  test.each<[string, Fault, string]>([
    ["429 in JSON", rateLimits.json, "takes no more requests for now (429)"],
    ["500", { kind: "status", status: 500 }, "has a fault of its own (500)"],
    ["410", { kind: "status", status: 410 }, "does not know the API (410)"],
    ["silence", { kind: "delay", milliseconds: Infinity }, "did not answer within 2 s"],
    ["a reset", { kind: "reset" }, "broke"],
    ["half an answer", { kind: "truncate" }, "broke"],
    ["a page for people", { kind: "garbage" }, "(200)"],
    ["a redirect", { kind: "redirect", to: "https://elsewhere.example" }, "where no token is sent"],
  ])("%s", async (_what, fault, because) => {
    const planned = world.simulator.fail(fault, { service: "rest" });
    const { stdout, stderr } = await world.helper(["status", "--check"]);
    planned.clear();
    expect(stdout + stderr).toContain(because);
    expect(world.log().map(({ host }) => host)).toEqual(["api.bitbucket.org"]);
    expect(await answer()).toContain(`password=${token.secret}\n`);
  });
});

test("one 401 by mistake is not believed", async () => {
  world.simulator.fail({ kind: "status", status: 401 }, { service: "rest", times: 1 });
  expect(await world.helper(["status", "--check"])).toMatchObject({ exitCode: 0 });
  expect(world.restLog().map(({ status }) => status)).toEqual([401, 200]);
  expect(await answer()).toContain(`password=${token.secret}\n`);
});

// The last one: it costs the account.
test("two are, and then the secret is gone", async () => {
  const planned = world.simulator.fail({ kind: "status", status: 401 }, { service: "rest" });
  const { exitCode, stdout } = await world.helper(["status", "--check"]);
  planned.clear();
  expect(exitCode).toBe(1);
  expect(stdout).toContain("bitbucket rejected the token of account 'work' (401)");
  expect(await answer()).toBe("");
});

/** What git is told for acme/api. */
async function answer(): Promise<string> {
  const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n\n";
  return (await world.helper(["get"], { input: request })).stdout;
}
