// What git is told while the accounts file cannot be written, is held by others, or changes at the same time.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ownerName } from "../../src/files/owner.ts";
import { accountOf, registryOf, seedAccount } from "../support/seed.ts";
import { openWorld, type World } from "../support/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const data = (): string => join(world.home, ".local/share/git-credential-bitbucket");
const input = (...lines: readonly string[]) => ({
  input: ["protocol=https", "host=bitbucket.org", ...lines, ""].join("\n"),
});

/** A living process holds the lock of the accounts file. */
async function holdLock(): Promise<void> {
  await mkdir(join(data(), "accounts.json.lock"));
  await writeFile(join(data(), "accounts.json.lock", ownerName()), "");
}

describe("first use", () => {
  test("is served while another process holds the accounts file", async () => {
    const { secret } = world.site.apiToken("alice");
    const facts = { kind: "api-token", email: "alice@example.com", state: "unverified" } as const;
    await seedAccount(world, secret, facts);
    await holdLock();
    const { stdout, stderr } = await world.helper(["get"], input());
    expect(stdout).toContain(secret);
    expect(stderr).toBe("");
  });

  test("of a token that bitbucket rejects is not served, and says why, though it cannot be written down", async () => {
    const token = world.site.apiToken("alice");
    world.site.revoke(token);
    await seedAccount(world, token.secret, {
      kind: "api-token",
      email: "alice@example.com",
      emailConfirmed: true,
      state: "unverified",
    });
    await holdLock();
    const { stdout, stderr } = await world.helper(["get"], input());
    expect(stdout).toBe("");
    expect(stderr).toContain("bitbucket rejected the token of account 'alice' (401)");
  });

  test("of a project's repository is served while nothing can be learned", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme", project: "CORE" });
    await seedAccount(world, secret, {
      kind: "access-token",
      scope: { level: "project", workspace: "acme", project: "CORE" },
    });
    await holdLock();
    const { stdout } = await world.helper(["get"], input("path=acme/api.git"));
    expect(stdout).toContain(secret);
  });

  test("by twelve processes at once asks bitbucket once", async () => {
    const { secret } = world.site.apiToken("alice");
    const facts = { kind: "api-token", email: "alice@example.com", state: "unverified" } as const;
    const { name } = await seedAccount(world, secret, facts);
    const slow = world.simulator.fail({ kind: "delay", milliseconds: 1500 }, { service: "rest" });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => world.helper(["get"], input())),
    );
    slow.clear();
    expect(answers.map(({ stdout }) => stdout.includes(secret))).toEqual(answers.map(() => true));
    expect(world.restLog().filter(({ path }) => path.startsWith("/2.0/user"))).toHaveLength(1);
    expect((await accountOf(world, name)).state).toBe("approved");
  });
});

test("get beside renewals always gets one of the tokens", async () => {
  const facts = { name: "work", kind: "api-token" } as const;
  const tokens = Array.from({ length: 40 }, () => world.site.apiToken("alice").secret);
  await seedAccount(world, tokens[0] ?? "", facts);
  const ask = async (): Promise<void> => {
    const { stdout, stderr } = await world.helper(["get"], input());
    expect(stderr).toBe("");
    expect(tokens.some((token) => stdout.includes(token))).toBe(true);
  };
  const asking = Array.from({ length: 2 }, async () => {
    for (let time = 0; time < 6; time += 1) await ask();
  });
  for (let at = 1; at < 120; at += 1)
    await seedAccount(world, tokens[at % tokens.length] ?? "", facts, "work");
  await Promise.all(asking);
});

test("a secret that its store has lost comes back when git reports it", async () => {
  const { secret } = world.site.apiToken("alice");
  await seedAccount(world, secret, { name: "work", kind: "api-token" });
  await rm(join(data(), "secrets"), { recursive: true });
  await world.helper(["store"], input("username=alice", `password=${secret}`));
  const { stdout } = await world.helper(["get"], input());
  expect(stdout).toContain(secret);
  expect((await registryOf(world).read()).map(({ name }) => name)).toEqual(["work"]);
});

test("a check at a time that is still to come counts as none", async () => {
  const { secret } = world.site.apiToken("alice");
  const later = new Date(Date.now() + 30 * 86_400_000).toISOString();
  const account = await seedAccount(world, secret, {
    name: "work",
    kind: "api-token",
    email: "alice@example.com",
    state: "unverified",
    checked: later,
  });
  expect((await world.helper(["get"], input())).stdout).toContain(secret);
  const now = await accountOf(world, account.name);
  expect(now.state).toBe("approved");
  expect(Date.parse(now.checked ?? later)).toBeLessThanOrEqual(Date.now());
});
