// store, from the outside: what git says worked is approved, or kept for exactly what git reported. docs/design.md, "What git calls".
import { readdir } from "node:fs/promises";
import { join } from "node:path";
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

describe("a secret new to us is learned", () => {
  test("for the path and the username, and said once", async () => {
    const { secret } = world.site.apiToken("alice");
    const lines = ["path=acme/api.git", "username=alice", `password=${secret}`];
    expect(await call("store", ...lines)).toMatchObject({
      stdout: "",
      stderr:
        "git-credential-bitbucket: warning: git logged in as alice with a secret of its own, which is kept for acme/api.git only\n" +
        "git-credential-bitbucket: hint: git credential-bitbucket logout learned-acme-api\n",
    });
    expect(await accountOf(world, "learned-acme-api")).toMatchObject({
      kind: "api-token",
      learned: { username: "alice", path: "acme/api.git" },
      gitUsername: "alice",
      state: "approved",
      store: "file",
    });
    const answer = `username=alice\npassword=${secret}\n`;
    expect((await call("get", "path=acme/api.git")).stdout).toBe(answer);
    for (const asked of ["path=acme/web.git", "path=acme/api", "path=Acme/api.git"])
      expect((await call("get", asked)).stdout).toBe("");
    expect((await call("get", "path=acme/api.git", "username=bob")).stdout).toBe("");
    expect((await call("store", ...lines)).stderr).toBe("");
    expect(await registryOf(world).read()).toHaveLength(1);
    expect(world.restLog()).toEqual([]);
  });

  test("a hundred times at most: the one that was learned first goes, with its secret", async () => {
    const accounts = registryOf(world);
    const made = await seedAccount(world, world.site.apiToken("alice").secret, {
      kind: "api-token",
      scope: { level: "workspace", workspace: "acme" },
    });
    const submodule = async (number: number) => {
      const { secret } = world.site.apiToken("eve");
      await call("store", `path=evil/s${number}.git`, "username=eve", `password=${secret}`);
      return secret;
    };
    const first = await submodule(0);
    await accounts.update((all) => [
      ...all,
      ...Array.from({ length: 99 }, (_, at) => ({
        ...(all.at(-1) ?? made),
        name: `learned-${at}`,
        secretKey: `learned-${at}`,
        learned: { username: "eve", path: `evil/t${at}.git` },
      })),
    ]);
    expect((await call("get", "path=evil/s0.git")).stdout).toContain(first);
    const last = await submodule(1);
    const left = await accounts.read();
    expect(left).toHaveLength(101);
    expect(left).toContainEqual(made);
    expect((await call("get", "path=evil/s0.git")).stdout).toBe("");
    expect((await call("get", "path=evil/s1.git")).stdout).toContain(last);
    const secrets = join(world.home, ".local/share/git-credential-bitbucket/secrets");
    expect((await readdir(secrets)).filter((name) => /^(?:api|learned)-/u.test(name))).toHaveLength(
      2,
    );
  });

  test("without a path for what nothing else answers", async () => {
    const stray = world.site.accessToken({ workspace: "globex" }).secret;
    const own = world.site.accessToken({ workspace: "acme" }).secret;
    await seedAccount(world, own, {
      kind: "access-token",
      scope: { level: "workspace", workspace: "acme" },
    });
    const { stderr } = await call("store", "username=x-token-auth", `password=${stray}`);
    expect(stderr).toContain("kept for what no account answers\n");
    expect((await call("get", "path=globex/lib.git")).stdout).toContain(stray);
    expect((await call("get", "path=acme/api.git")).stdout).toContain(own);
    expect((await call("get")).stdout).toContain(own);
  });

  test("again under another username and for another path", async () => {
    const { secret } = world.site.apiToken("alice");
    const places = [
      ["path=acme/api.git", "username=alice"],
      ["path=acme/api.git", "username=x-bitbucket-api-token-auth"],
      ["path=acme/web.git", "username=alice"],
    ];
    for (const place of places) await call("store", ...place, `password=${secret}`);
    for (const place of places) expect((await call("get", ...place)).stdout).toContain(secret);
    expect(await registryOf(world).read()).toHaveLength(3);
  });

  test("by two at once as one login", async () => {
    const { secret } = world.site.apiToken("alice");
    const lines = ["username=alice", `password=${secret}`];
    await Promise.all([call("store", ...lines), call("store", ...lines), call("store", ...lines)]);
    expect(await registryOf(world).read()).toHaveLength(1);
    expect((await call("get")).stdout).toContain(secret);
  });

  test("but never in CI, whose word is taken for an account of the person's only", async () => {
    const { secret } = world.site.apiToken("alice");
    const own = world.site.accessToken({ workspace: "acme" }).secret;
    await seedAccount(world, own, { name: "work", kind: "access-token", state: "unverified" });
    for (const [value, count] of [
      ["true", 1],
      ["1", 1],
      ["yes", 1],
      ["false", 2],
    ] as const) {
      for (const lines of [
        ["path=globex/lib.git", "username=alice", `password=${secret}`],
        ["username=x-token-auth", `password=${own}`],
      ]) {
        const input = [...host, ...lines, ""].join("\n");
        await world.helper(["store"], { input, env: { CI: value } });
      }
      expect(await registryOf(world).read()).toHaveLength(count);
      expect(await accountOf(world, "work")).toMatchObject({ state: "approved" });
    }
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

  test("for a repository that its account does not cover is learned for that one", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme" });
    const made = await seedAccount(world, secret, {
      name: "api",
      kind: "access-token",
      scope: { level: "repository", workspace: "acme", repository: "api" },
    });
    await call("store", "path=acme/web.git", "username=x-token-auth", `password=${secret}`);
    expect(await accountOf(world, "api")).toEqual(made);
    expect((await call("get", "path=acme/web.git")).stdout).toContain(secret);
  });

  test("is told its expiry and its refresh token later", async () => {
    const { secret } = world.site.oauthToken("alice");
    await seedAccount(world, secret, { name: "mine", kind: "oauth-token" });
    const lines = ["username=x-token-auth", `password=${secret}`];
    await call("store", ...lines, "password_expiry_utc=9999999999", "oauth_refresh_token=xyzzy");
    const told = `username=x-token-auth\npassword=${secret}\npassword_expiry_utc=9999999999\noauth_refresh_token=xyzzy\n`;
    expect((await call("get")).stdout).toBe(told);
    const after = await accountOf(world, "mine");
    // What git hands back, and what git of before 2.40 leaves out, changes nothing.
    await call("store", ...lines, "password_expiry_utc=9999999999", "oauth_refresh_token=xyzzy");
    await call("store", ...lines, "password_expiry_utc=99999999999999");
    await call("store", ...lines);
    expect(await accountOf(world, "mine")).toEqual(after);
  });
});

describe("an older secret never replaces a newer one", () => {
  test("that was logged in since", async () => {
    const older = world.site.apiToken("alice");
    const newer = world.site.apiToken("alice");
    const former = await seedAccount(world, older.secret, { name: "work", kind: "api-token" });
    await seedAccount(world, newer.secret, { name: "work", kind: "api-token" }, former.name);
    await call(
      "store",
      "username=x-bitbucket-api-token-auth",
      `password=${older.secret}`,
      "password_expiry_utc=9999999999",
    );
    expect(await registryOf(world).read()).toHaveLength(1);
    expect((await call("get")).stdout).toContain(newer.secret);
    expect((await call("get")).stdout).not.toContain("expiry");
  });

  test("that git reported for the same place since", async () => {
    const [older, newer] = [world.site.apiToken("alice"), world.site.apiToken("alice")];
    const place = ["path=acme/api.git", "username=alice"];
    for (const { secret } of [older, newer, older])
      await call("store", ...place, `password=${secret}`);
    expect((await call("get", ...place)).stdout).toContain(newer.secret);
    expect(await registryOf(world).read()).toHaveLength(1);
  });

  test("that works, by standing in an old clone's URL", async () => {
    const inUrl = world.site.apiToken("alice");
    const loggedIn = world.site.apiToken("alice");
    await seedAccount(world, loggedIn.secret, { kind: "api-token", username: "alice" });
    await call("store", "username=alice", `password=${inUrl.secret}`);
    expect((await call("get")).stdout).toContain(loggedIn.secret);
  });

  test("and beside an account that is dead it answers for its path, the account being called to mind", async () => {
    const dead = world.site.apiToken("alice");
    const fresh = world.site.apiToken("alice");
    const made = await seedAccount(world, dead.secret, {
      name: "work",
      kind: "api-token",
      username: "alice",
      state: "rejected",
    });
    await call("store", "path=acme/api.git", "username=alice", `password=${fresh.secret}`);
    expect(await accountOf(world, "work")).toEqual(made);
    const answered = await call("get", "path=acme/api.git");
    expect(answered.stdout).toContain(fresh.secret);
    expect(answered.stderr).toBe(
      "git-credential-bitbucket: warning: bitbucket rejected the token of account 'work' (401)\n" +
        "git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login --account work\n",
    );
    expect((await call("get", "path=acme/web.git")).stdout).toBe("");
  });
});

describe("what is not to be kept", () => {
  const token = `ATATT3xFfGF0${"x".repeat(171)}=0123ABCD`;
  test.each([
    ["partial", ["username=alice"]],
    ["empty", ["username=alice", "password="]],
    ["without a user", ["password=secret"]],
    ["ephemeral", ["username=alice", "password=secret", "ephemeral=1"]],
    ["expired", ["username=alice", "password=secret", "password_expiry_utc=1"]],
    ["for a path that names nothing", ["path=acme/../x", "username=alice", "password=secret"]],
    ["foreign", ["host=github.com", "username=alice", "password=secret"]],
    ["of a token as username", [`username=${token}`, "password=x-oauth-basic"]],
    ["of a token as both", [`username=${token}`, `password=${token}`]],
    ["for a path with a token", [`path=${token}/api.git`, "username=alice", "password=secret"]],
    ["with a control character", ["username=al\u0007ice", "password=secret"]],
  ])("%s", async (_title, lines) => {
    const { stderr } = await call("store", ...lines);
    expect(stderr).not.toMatch(/internal error|ATAT/u);
    expect(await registryOf(world).read()).toEqual([]);
  });

  test("an app password", async () => {
    const { secret } = world.site.appPassword("alice");
    await call("store", "username=alice", `password=${secret}`);
    expect(await registryOf(world).read()).toEqual([]);
  });
});
