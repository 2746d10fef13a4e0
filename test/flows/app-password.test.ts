// App passwords that git or an account still brings: none is served or stored, and each time the way out is named.
import { afterEach, beforeEach, expect, test } from "vitest";
import { registryOf, seedAccount } from "../support/seed.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;

beforeEach(async () => {
  world = await openWorld({ gitConfig: { "credential.bitbucketStore": "file" } });
});
afterEach(() => world.close());

const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";
const wayOut =
  "git-credential-bitbucket: error: git uses an app password, and these stopped working on 28 July 2026\n" +
  "git-credential-bitbucket: hint: git credential-bitbucket migrate\n";

test.each(["store", "erase"])("that git reports with %s", async (operation) => {
  const { secret } = world.site.appPassword("alice");
  const input = `${request}username=alice\npassword=${secret}\n`;
  const { stdout, stderr } = await world.helper([operation], { input });
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: wayOut });
  expect(await registryOf(world).read()).toEqual([]);
});

test("that BITBUCKET_TOKEN holds", async () => {
  const { secret } = world.site.appPassword("alice");
  const env = { BITBUCKET_TOKEN: secret };
  const { stdout, stderr } = await world.helper(["get"], { input: request, env });
  expect(stdout).toBe("");
  expect(stderr).toBe(
    "git-credential-bitbucket: error: BITBUCKET_TOKEN holds an app password, and these stopped working on 28 July 2026\n" +
      "git-credential-bitbucket: hint: unset BITBUCKET_TOKEN && git credential-bitbucket migrate\n",
  );
});

test("that an account holds", async () => {
  const { secret } = world.site.appPassword("alice");
  await seedAccount(world, secret, { kind: "app-password", name: "old", username: "alice" });
  const { stdout, stderr } = await world.helper(["get"], { input: request });
  expect(stdout).toBe("");
  expect(stderr).toBe(
    "git-credential-bitbucket: error: account 'old' holds an app password, and these stopped working on 28 July 2026\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket login --account old && git credential-bitbucket migrate\n",
  );
});
