// store, from the outside: what git says worked is approved or becomes an account. Spec, section 2.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountOf, registryOf, seedAccount } from "../support/seed.ts";
import { openWorld, type World } from "../support/world.ts";

const host = ["protocol=https", "host=bitbucket.org"];

let world: World;

beforeEach(async () => {
  world = await openWorld({ gitConfig: { "credential.bitbucketStore": "file" } });
});
afterEach(() => world.close());

async function call(operation: string, ...lines: readonly string[]) {
  return await world.helper([operation], { input: [...host, ...lines, ""].join("\n") });
}

describe("a secret new to us becomes an account", () => {
  test("a user's token for every repository, its real username learned", async () => {
    const { secret } = world.site.apiToken("alice");
    await call("store", "path=acme/api.git", "username=alice", `password=${secret}`);
    expect(await accountOf(world, "alice")).toMatchObject({
      kind: "api-token",
      scope: { level: "host" },
      username: "alice",
      gitUsername: "x-bitbucket-api-token-auth",
      state: "approved",
      store: "file",
    });
    expect((await call("get", "path=globex/lib.git")).stdout).toContain(secret);
  });

  test("a second user's token for the workspace it worked in", async () => {
    const alice = world.site.apiToken("alice");
    const bob = world.site.apiToken("bob");
    await call("store", "path=acme/api.git", "username=alice", `password=${alice.secret}`);
    await call("store", "path=globex/app.git", "username=bob", `password=${bob.secret}`);
    expect((await call("get", "path=globex/app.git")).stdout).toContain(bob.secret);
    expect((await call("get", "path=acme/web.git")).stdout).toContain(alice.secret);
  });

  test("an access token for the repository it worked for", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme", repository: "api" });
    await call("store", "path=acme/api.git", "username=x-token-auth", `password=${secret}`);
    expect(await accountOf(world, "acme-api")).toMatchObject({
      kind: "access-token",
      scope: { level: "repository", workspace: "acme", repository: "api" },
    });
    expect((await call("get", "path=acme/web.git")).stdout).toBe("");
  });

  test("twice stored is one account", async () => {
    const { secret } = world.site.apiToken("alice");
    const lines = ["username=alice", `password=${secret}`];
    await call("store", ...lines);
    await call("store", ...lines);
    expect(await registryOf(world).read()).toHaveLength(1);
  });

  test("two at once are one account", async () => {
    const { secret } = world.site.apiToken("alice");
    const lines = ["username=alice", `password=${secret}`];
    await Promise.all([call("store", ...lines), call("store", ...lines), call("store", ...lines)]);
    expect(await registryOf(world).read()).toHaveLength(1);
    expect((await call("get")).stdout).toContain(secret);
  });
});

describe("a secret of ours", () => {
  test("is approved, and nothing is written when it was already", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, secret, { name: "work", kind: "access-token", state: "unverified" });
    await call("store", "username=x-token-auth", `password=${secret}`);
    const approved = await accountOf(world, "work");
    expect(approved.state).toBe("approved");
    await call("store", "username=x-token-auth", `password=${secret}`);
    expect(await accountOf(world, "work")).toEqual(approved);
  });

  test("of a project teaches which repository is inside", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme", project: "CORE" });
    await seedAccount(world, secret, {
      name: "core",
      kind: "access-token",
      scope: { level: "project", workspace: "acme", project: "CORE" },
    });
    await call("store", "path=acme/api.git", "username=x-token-auth", `password=${secret}`);
    expect((await accountOf(world, "core")).projectRepositories).toEqual({ "acme/api": true });
  });
});

describe("an older secret never replaces a newer one", () => {
  test("that was logged in since", async () => {
    const older = world.site.apiToken("alice");
    const newer = world.site.apiToken("alice");
    const former = await seedAccount(world, older.secret, { name: "work", kind: "api-token" });
    await seedAccount(world, newer.secret, { name: "work", kind: "api-token" }, former.name);
    await call("store", "username=x-bitbucket-api-token-auth", `password=${older.secret}`);
    expect(await registryOf(world).read()).toHaveLength(1);
    expect((await call("get")).stdout).toContain(newer.secret);
  });

  test("that works, by standing in an old clone's URL", async () => {
    const inUrl = world.site.apiToken("alice");
    const loggedIn = world.site.apiToken("alice");
    await seedAccount(world, loggedIn.secret, { kind: "api-token", username: "alice" });
    await call("store", "username=alice", `password=${inUrl.secret}`);
    expect((await call("get")).stdout).toContain(loggedIn.secret);
  });

  test("but replaces one that is dead, in place", async () => {
    const dead = world.site.apiToken("alice");
    const fresh = world.site.apiToken("alice");
    await seedAccount(world, dead.secret, {
      name: "work",
      kind: "api-token",
      username: "alice",
      state: "rejected",
      rejectedBy: "bitbucket",
    });
    await call("store", "username=alice", `password=${fresh.secret}`);
    expect(await registryOf(world).read()).toHaveLength(1);
    expect((await call("get")).stdout).toContain(fresh.secret);
  });
});

describe("what is not to be kept", () => {
  test.each([
    ["partial", ["username=alice"]],
    ["empty", ["username=alice", "password="]],
    ["without a user", ["password=secret"]],
    ["ephemeral", ["username=alice", "password=secret", "ephemeral=1"]],
    ["expired", ["username=alice", "password=secret", "password_expiry_utc=1"]],
    ["for a path that names nothing", ["path=acme/../x", "username=alice", "password=secret"]],
    ["foreign", ["host=github.com", "username=alice", "password=secret"]],
  ])("%s", async (_title, lines) => {
    await call("store", ...lines);
    expect(await registryOf(world).read()).toEqual([]);
  });

  test("an app password", async () => {
    const { secret } = world.site.appPassword("alice");
    await call("store", "username=alice", `password=${secret}`);
    expect(await registryOf(world).read()).toEqual([]);
  });
});
