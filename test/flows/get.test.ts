// get, from the outside: what git is told, what Bitbucket was asked, what a person reads. docs/design.md, "What git calls".
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountOf, registryOf, seedAccount } from "../support/seed.ts";
import { waitFor } from "../support/wait.ts";
import { openWorld, type World } from "../support/world.ts";

const yesterday = new Date(Date.now() - 86_400_000).toISOString();
const repositoryScope = { level: "repository", workspace: "acme", repository: "api" } as const;

let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function get(...lines: readonly string[]) {
  const input = ["protocol=https", "host=bitbucket.org", ...lines].join("\n");
  return await world.helper(["get"], { input: `${input}\n` });
}

describe("an approved account", () => {
  test.each([
    ["api-token", "", "x-bitbucket-api-token-auth"],
    ["api-token", "username=alice", "alice"],
    ["api-token", "username=alice@example.com", "x-bitbucket-api-token-auth"],
    ["api-token", "username=work", "x-bitbucket-api-token-auth"],
    ["access-token", "", "x-token-auth"],
    ["access-token", "username=alice", "x-token-auth"],
    ["oauth-token", "username=alice", "x-token-auth"],
  ] as const)("of kind %s, asked with %j, is answered as %s", async (kind, line, username) => {
    const token =
      kind === "api-token" ? world.site.apiToken("alice") : world.site.oauthToken("alice");
    await seedAccount(world, token.secret, {
      name: "work",
      kind,
      username: kind === "access-token" ? undefined : "alice",
      email: "alice@example.com",
    });
    const { stdout, stderr } = await get(...(line === "" ? [] : [line]));
    expect({ stdout, stderr }).toEqual({
      stdout: `username=${username}\npassword=${token.secret}\n`,
      stderr: "",
    });
    expect(world.log()).toEqual([]);
  });

  test("says when its token expires", async () => {
    const { secret } = world.site.apiToken("alice");
    await seedAccount(world, secret, { kind: "api-token", expires: "2099-01-01T00:00:00.000Z" });
    expect((await get()).stdout).toContain("password_expiry_utc=4070908800\n");
  });

  test("of another user is a miss, silent where nobody can be asked", async () => {
    const { secret } = world.site.apiToken("alice");
    await seedAccount(world, secret, { kind: "api-token", username: "alice" });
    expect(await get("username=bob")).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  });

  test("answers for www.bitbucket.org too", async () => {
    const { secret } = world.site.apiToken("alice");
    await seedAccount(world, secret, { kind: "api-token" });
    const { stdout } = await world.helper(["get"], {
      input: "protocol=https\nhost=www.bitbucket.org\n",
    });
    expect(stdout).toContain(secret);
  });
});

describe("first use of an account that was never checked", () => {
  test("asks Bitbucket once, learns, and serves", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme", repository: "api" });
    const { name } = await seedAccount(world, secret, {
      kind: "access-token",
      scope: repositoryScope,
      state: "unverified",
    });
    expect((await get("path=acme/api.git")).stdout).toContain(secret);
    expect(world.restLog().map(({ path }) => path.split("?")[0])).toEqual([
      "/2.0/user",
      "/2.0/repositories/acme/api",
    ]);
    expect(await accountOf(world, name)).toMatchObject({
      state: "approved",
      scopes: ["repository:write"],
    });

    world.forgetLog();
    expect((await get("path=acme/api.git")).stdout).toContain(secret);
    expect(world.log()).toEqual([]);
  });

  test("serves, and says what will fail, when a scope is missing", async () => {
    const { secret } = world.site.apiToken("alice", {
      scopes: ["read:repository:bitbucket", "read:user:bitbucket"],
    });
    await seedAccount(world, secret, {
      name: "work",
      kind: "api-token",
      email: "alice@example.com",
      state: "unverified",
    });
    const { stdout, stderr } = await get();
    expect(stdout).toContain(secret);
    expect(stderr).toBe(
      "git-credential-bitbucket: error: fetch works, push will fail: the token lacks write:repository:bitbucket\n" +
        "git-credential-bitbucket: hint: make a token with that scope and run: git credential-bitbucket login --account work\n",
    );
  });

  test("does not serve what Bitbucket rejects, and deletes it", async () => {
    const token = world.site.accessToken({ workspace: "acme" });
    world.site.revoke(token);
    await seedAccount(world, token.secret, {
      name: "work",
      kind: "access-token",
      state: "unverified",
    });
    const { stdout, stderr } = await get("path=acme/api.git");
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "git-credential-bitbucket: error: bitbucket rejected the token of account 'work' (401)\n" +
        "git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login --account work\n",
    );
    expect(await accountOf(world, "work")).toMatchObject({
      state: "rejected",
    });

    world.forgetLog();
    await get("path=acme/api.git");
    expect(world.log()).toEqual([]);
  });

  test.each([500, 429, 403, 302])(
    "serves what Bitbucket says nothing about (%i), and asks again later, not at once",
    async (status) => {
      const { secret } = world.site.accessToken({ workspace: "acme" });
      await seedAccount(world, secret, { name: "work", kind: "access-token", state: "unverified" });
      world.simulator.fail({ kind: "status", status }, { service: "rest", times: 5 });
      expect((await get("path=acme/api.git")).stdout).toContain(secret);
      expect(await accountOf(world, "work")).toMatchObject({ state: "unverified" });

      world.forgetLog();
      expect((await get("path=acme/api.git")).stdout).toContain(secret);
      expect(world.log()).toEqual([]);
    },
  );

  test("asks nothing when credential.bitbucketValidate is never", async () => {
    await world.git(["config", "--global", "credential.bitbucketValidate", "never"]);
    const { secret } = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, secret, { kind: "access-token", state: "unverified" });
    expect((await get()).stdout).toContain(secret);
    expect(world.log()).toEqual([]);
  });

  test("asks every time when it is always", async () => {
    await world.git(["config", "--global", "credential.bitbucketValidate", "always"]);
    const { secret } = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, secret, { kind: "access-token" });
    expect((await get()).stdout).toContain(secret);
    expect(world.restLog()).toHaveLength(1);
  });
});

describe("an account that git was refused with", () => {
  const refusals = ["2026-01-01T00:00:00.000Z"];

  test.each([
    ["approved", { state: "approved" }],
    ["unverified", { state: "unverified" }],
  ] as const)("is served at once, and checked behind the answer: %s", async (_title, facts) => {
    const token = world.site.accessToken({ workspace: "acme" });
    const past = { validated: undefined, checked: undefined, refusals };
    const account = { name: "work", kind: "access-token", ...past, ...facts } as const;
    await seedAccount(world, token.secret, account);
    // Had the answer waited for Bitbucket's word, there would be none.
    world.site.revoke(token);
    expect((await get("path=acme/api.git")).stdout).toContain(token.secret);
    await waitFor(async () => (await accountOf(world, "work")).state === "rejected");
  });

  test("is asked about first where every use is checked", async () => {
    await world.git(["config", "--global", "credential.bitbucketValidate", "always"]);
    const token = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, token.secret, { name: "work", kind: "access-token", refusals });
    world.site.revoke(token);
    const { stdout, stderr } = await get("path=acme/api.git");
    expect(stdout).toBe("");
    expect(stderr).toContain("error: bitbucket rejected the token of account 'work' (401)");
    expect((await accountOf(world, "work")).refusals).toBeUndefined();
  });
});

describe("an account that cannot be served", () => {
  test("because its token expired: nothing is answered or asked, and the renewal is named", async () => {
    const { secret } = world.site.apiToken("alice");
    await seedAccount(world, secret, { name: "work", kind: "api-token", expires: yesterday });
    expect(await get()).toEqual({
      stdout: "",
      stderr:
        `git-credential-bitbucket: error: the token of account 'work' expired on ${yesterday.slice(0, 10)}\n` +
        "git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login --account work\n",
      exitCode: 0,
    });
    expect(world.log()).toEqual([]);
  });

  test("because its secret is gone: says so", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, secret, { name: "work", kind: "access-token" });
    await registryOf(world).update((accounts) =>
      accounts.map((account) => ({ ...account, secretKey: "work/000000000000" })),
    );
    const { stdout, stderr } = await get();
    expect(stdout).toBe("");
    expect(stderr).toBe(
      "git-credential-bitbucket: error: the secret of account 'work' is not in the file store\n" +
        "git-credential-bitbucket: hint: git credential-bitbucket login --account work\n",
    );
  });
});

describe("two projects of a workspace", () => {
  test("are told apart by asking Bitbucket once for each repository", async () => {
    const core = world.site.accessToken({ workspace: "acme", project: "CORE" });
    const ops = world.site.accessToken({ workspace: "acme", project: "OPS" });
    for (const [project, token] of [
      ["CORE", core],
      ["OPS", ops],
    ] as const) {
      await seedAccount(world, token.secret, {
        kind: "access-token",
        scope: { level: "project", workspace: "acme", project },
      });
    }
    expect((await get("path=acme/tools.git")).stdout).toContain(ops.secret);
    expect((await get("path=acme/api.git")).stdout).toContain(core.secret);
    world.forgetLog();
    expect((await get("path=acme/tools.git")).stdout).toContain(ops.secret);
    expect(world.log()).toEqual([]);
  });

  test("a project's token is not served for a repository that a workspace token opens", async () => {
    const ops = world.site.accessToken({ workspace: "acme", project: "OPS" });
    const all = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, ops.secret, {
      kind: "access-token",
      scope: { level: "project", workspace: "acme", project: "OPS" },
    });
    await seedAccount(world, all.secret, {
      kind: "access-token",
      scope: { level: "workspace", workspace: "acme" },
    });
    expect((await get("path=acme/api.git")).stdout).toContain(all.secret);
    expect((await get("path=acme/tools.git")).stdout).toContain(ops.secret);
  });
});

describe("a token in the environment", () => {
  test.each([
    ["api", {}, "x-bitbucket-api-token-auth"],
    ["access", {}, "x-token-auth"],
    ["oauth", { BITBUCKET_USERNAME: "x-token-auth" }, "x-token-auth"],
  ] as const)(
    "of kind %s goes before every account, and is not kept",
    async (kind, env, username) => {
      const { secret } = world.site.apiToken("alice");
      await seedAccount(world, secret, { kind: "api-token" });
      const token = {
        api: world.site.apiToken("bob"),
        access: world.site.accessToken({ workspace: "acme" }),
        oauth: world.site.oauthToken("bob"),
      }[kind];
      const input = "protocol=https\nhost=bitbucket.org\n";
      const environment = { BITBUCKET_TOKEN: token.secret, ...env };
      const { stdout } = await world.helper(["get"], { input, env: environment });
      expect(stdout).toBe(`username=${username}\npassword=${token.secret}\n`);

      await world.helper(["store"], { input: `${input}${stdout}`, env: environment });
      expect(await registryOf(world).read()).toHaveLength(1);
    },
  );

  test("is not served to another host", async () => {
    const { secret } = world.site.apiToken("alice");
    const { stdout } = await world.helper(["get"], {
      input: "protocol=https\nhost=evilbitbucket.org\n",
      env: { BITBUCKET_TOKEN: secret },
    });
    expect(stdout).toBe("");
  });

  test("that is an app password is refused with the reason", async () => {
    const { secret } = world.site.appPassword("alice");
    const { stdout, stderr } = await world.helper(["get"], {
      input: "protocol=https\nhost=bitbucket.org\n",
      env: { BITBUCKET_TOKEN: secret },
    });
    expect(stdout).toBe("");
    expect(stderr).toContain(
      "BITBUCKET_TOKEN holds an app password, and these stopped working on 28 July 2026",
    );
  });
});
