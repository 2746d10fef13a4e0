// erase of a login that git itself reported, from the outside: its first 401 ends it, with all that belongs to it.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { registryOf, seedAccount } from "../support/seed.ts";
import { openWorld, type World } from "../support/world.ts";

const host = ["protocol=https", "host=bitbucket.org"];
const place = ["path=acme/api.git", "username=x-token-auth"];

let world: World;
let secret: string;

beforeEach(async () => {
  world = await openWorld({ gitConfig: { "credential.bitbucketStore": "file" } });
  ({ secret } = world.site.oauthToken("alice"));
  await call("store", ...place, `password=${secret}`, "oauth_refresh_token=xyzzy");
});
afterEach(() => world.close());

async function call(operation: string, ...lines: readonly string[]) {
  return await world.helper([operation], { input: [...host, ...lines, ""].join("\n") });
}

/** Everything encrypted in the store. */
async function kept(): Promise<number> {
  const data = join(world.home, ".local/share/git-credential-bitbucket");
  const files = await readdir(data, { recursive: true });
  return files.filter((name) => name.endsWith(".age")).length;
}

test.each([
  ["its password", [...place, "password=SECRET"]],
  ["its password alone", ["password=SECRET"]],
  ["its path and username", place],
  ["its username", ["username=x-token-auth"]],
  ["its path, as another client writes it", ["path=/acme/api.git/"]],
  ["its host", []],
])("goes with %s, and its secret and refresh token", async (_title, lines) => {
  expect(await kept()).toBe(2);
  const { stdout, stderr } = await call(
    "erase",
    ...lines.map((line) => line.replace("SECRET", secret)),
  );
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
  expect(await registryOf(world).read()).toEqual([]);
  expect(await kept()).toBe(0);
  expect(world.restLog()).toEqual([]);
});

test.each([
  ["another password", [...place, "password=other"]],
  ["another username", ["username=alice"]],
  ["another path", ["path=acme/web.git"]],
  ["another spelling of the path", ["path=acme/API.git"]],
  ["the same secret at another path", ["path=acme/web.git", "password=SECRET"]],
  ["another host", ["host=evil.example"]],
])("stays with %s", async (_title, lines) => {
  await call("erase", ...lines.map((line) => line.replace("SECRET", secret)));
  expect((await call("get", ...place)).stdout).toContain(secret);
});

test("one without a path goes when it fails at any", async () => {
  await call("erase");
  await call("store", "username=x-token-auth", `password=${secret}`);
  await call("erase", "path=acme/web.git", "username=x-token-auth");
  expect(await registryOf(world).read()).toHaveLength(1);
  await call("erase", "path=acme/web.git", "username=x-token-auth", `password=${secret}`);
  expect(await registryOf(world).read()).toEqual([]);
});

test("an account that a person made, with the same secret, is kept and served", async () => {
  world.simulator.fail({ kind: "status", status: 500 }, { service: "rest" });
  await seedAccount(world, secret, { name: "mine", kind: "oauth-token" });
  await call("erase", ...place, `password=${secret}`);
  const accounts = await registryOf(world).read();
  expect(accounts).toMatchObject([{ name: "mine", state: "approved" }]);
  expect(accounts[0]?.refusals).toHaveLength(1);
  expect((await call("get", ...place)).stdout).toContain(secret);
});
