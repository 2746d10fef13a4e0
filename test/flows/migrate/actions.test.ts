// What becomes of each kind of secret, by what Bitbucket says of it. In git's store file unless told; there a backup remains.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { seedAccount } from "../../support/seed.ts";
import { openHousehold } from "./household.ts";
import {
  git,
  keyringSecrets,
  put,
  putGitSecret,
  putManagerSecret,
  putRepository,
} from "./lying-around.ts";

const household = openHousehold();

async function putLines(...lines: string[]): Promise<void> {
  await putRepository(household.world, household.repository, {});
  await put(
    join(household.world.home, ".git-credentials"),
    lines.map((line) => `${line}\n`).join(""),
  );
}

const left = () => readFile(join(household.world.home, ".git-credentials"), "utf8");

/** The table's cells of one row: state and then. */
async function rows(...args: string[]): Promise<readonly string[]> {
  const { stdout } = await household.migrate(["--yes", ...args]);
  const [, , , ...lines] = stdout.split("\n");
  return lines.slice(0, lines.indexOf("")).map((line) => line.split(/ {2,}/u).slice(1).join(" | "));
}

describe("a user's API token", () => {
  test("that lacks a scope moves, and the table says what will not work", async () => {
    const token = household.world.site.apiToken("alice", { scopes: ["read:repository:bitbucket"] });
    await putLines(`https://alice:${token.secret}@bitbucket.org`);
    expect(await rows()).toEqual([
      "user API token (alice) | alive, but cannot push | becomes account 'alice'",
    ]);
    expect(await left()).toBe("");
  });

  test("of nobody known is kept unverified: its 401 proves nothing", async () => {
    const { secret } = household.world.site.apiToken("bob");
    await putLines(`https://bob:${secret}@bitbucket.org`);
    expect(await rows()).toEqual([
      "user API token (bob) | not checked: its owner's email is not known | becomes account 'bob'",
    ]);
    expect(await household.accounts()).toMatchObject([
      { name: "bob", state: "unverified", username: "bob" },
    ]);
    expect(await left()).toBe("");
  });

  test("whose username is an email is checked with that", async () => {
    const { secret } = household.world.site.apiToken("bob");
    await putLines(`https://bob%40example.com:${secret}@bitbucket.org`);
    await household.migrate(["--yes"]);
    expect(await household.accounts()).toMatchObject([
      { name: "bob", state: "approved", email: "bob@example.com", username: "bob" },
    ]);
  });

  test("is one account, however many places it lies in", async () => {
    const { world, keyring } = household;
    const { secret } = world.site.apiToken("alice");
    await putLines(
      `https://alice:${secret}@bitbucket.org`,
      `https://x-bitbucket-api-token-auth:${secret}@bitbucket.org/acme/api.git`,
    );
    await putGitSecret(world, keyring.env, secret);
    await putManagerSecret(world, keyring.env, secret);
    await household.migrate(["--yes"]);
    expect(await household.accounts()).toHaveLength(1);
    expect(await keyringSecrets(keyring.env)).toEqual([]);
  });

  test("that an account has already goes, and the account stays as it is", async () => {
    const { world } = household;
    const { secret } = world.site.apiToken("alice");
    const account = await seedAccount(world, secret, { kind: "api-token", name: "work" });
    await putLines(`https://alice:${secret}@bitbucket.org`);
    expect(await rows()).toEqual([
      "user API token (alice) | stored already | taken out: account 'work' has it",
    ]);
    expect(await household.accounts()).toEqual([account]);
    expect(await left()).toBe("");
  });

  test("that an account had before goes, and does not take the place of the newer one", async () => {
    const { world } = household;
    const old = world.site.apiToken("alice");
    const fresh = world.site.apiToken("alice");
    await seedAccount(world, old.secret, { kind: "api-token", name: "work" });
    const account = await seedAccount(world, fresh.secret, { kind: "api-token" }, "work");
    await putLines(`https://alice:${old.secret}@bitbucket.org`);
    expect(await rows()).toEqual([
      "user API token (alice) | account 'work' has a newer one | deleted",
    ]);
    expect(await household.accounts()).toEqual([account]);
  });

  test("beside another of the same user goes from a file, and stays in the keyring", async () => {
    const { world, keyring } = household;
    const account = await seedAccount(world, world.site.apiToken("alice").secret, {
      kind: "api-token",
      username: "alice",
    });
    const { secret } = world.site.apiToken("alice");
    await putLines(`https://alice:${secret}@bitbucket.org`);
    await putGitSecret(world, keyring.env, secret);
    expect(await rows()).toEqual([
      "user API token (alice) | alive | taken out: account 'alice' has another",
      "user API token (alice) | alive | left: account 'alice' has another",
    ]);
    expect(await household.accounts()).toEqual([account]);
    expect(await left()).toBe("");
    expect(await keyringSecrets(keyring.env)).toHaveLength(1);
  });

  test("of a second person gets the workspace it was kept for, or stays where it is", async () => {
    const { world } = household;
    await seedAccount(world, world.site.apiToken("alice").secret, {
      kind: "api-token",
      username: "alice",
    });
    const { secret } = world.site.apiToken("bob");
    await putLines(`https://bob%40example.com:${secret}@bitbucket.org`);
    expect(await rows()).toEqual([
      "user API token (bob) | alive | left: account 'alice' answers for every repository already",
    ]);
    expect(await left()).toContain(secret);
    await putLines(`https://bob%40example.com:${secret}@bitbucket.org/globex/lib.git`);
    await household.migrate(["--yes"]);
    expect(await household.accounts()).toMatchObject([
      { name: "alice" },
      { name: "globex", username: "bob", scope: { level: "workspace", workspace: "globex" } },
    ]);
  });
});

describe("beside an account of the same login", () => {
  const scope = { level: "repository", workspace: "acme", repository: "api" } as const;
  const covers = { workspace: "acme", repository: "api" };

  test("that is approved, another token does not take its place", async () => {
    const { world } = household;
    const account = await seedAccount(world, world.site.accessToken(covers).secret, {
      kind: "access-token",
      scope,
    });
    const { secret } = world.site.accessToken(covers);
    await putLines(`https://x-token-auth:${secret}@bitbucket.org/acme/api.git`);
    expect(await rows()).toEqual([
      "access token | alive | taken out: account 'acme-api' has another",
    ]);
    expect(await household.accounts()).toEqual([account]);
  });

  test("that is not checked, another token is left until somebody knows", async () => {
    const { world } = household;
    const account = await seedAccount(world, world.site.accessToken(covers).secret, {
      kind: "access-token",
      scope,
      state: "unverified",
    });
    const { secret } = world.site.accessToken(covers);
    await putLines(`https://x-token-auth:${secret}@bitbucket.org/acme/api.git`);
    const { stdout } = await household.migrate(["--yes"]);
    expect(stdout).toContain(
      "left, because account 'acme-api' has another that is not checked\nnext: git credential-bitbucket status --check\n",
    );
    expect(await household.accounts()).toEqual([account]);
    expect(await left()).toContain(secret);
  });

  test("that is dead, the account is renewed and keeps its name", async () => {
    const { world } = household;
    await seedAccount(world, world.site.accessToken(covers).secret, {
      kind: "access-token",
      scope,
      name: "ci",
      expires: "2026-01-01T00:00:00.000Z",
    });
    const { secret } = world.site.accessToken(covers);
    await putLines(`https://x-token-auth:${secret}@bitbucket.org/acme/api.git`);
    expect(await rows()).toEqual(["access token | alive | becomes account 'ci'"]);
    expect(await household.accounts()).toMatchObject([{ name: "ci", state: "approved" }]);
  });

  test("whose secret is not in its store, the secret is taken from nowhere", async () => {
    const { world } = household;
    const { secret } = world.site.accessToken(covers);
    await seedAccount(world, secret, { kind: "access-token", scope });
    await rm(join(world.home, ".local/share/git-credential-bitbucket/secrets"), {
      recursive: true,
    });
    await putLines(`https://x-token-auth:${secret}@bitbucket.org/acme/api.git`);
    expect(await rows()).toEqual([
      "access token | account 'acme-api' has it, but its store does not | left",
    ]);
    expect(await left()).toContain(secret);
  });
});

describe("an access token", () => {
  test.each([
    [{ workspace: "acme", repository: "api" }, "acme-api"],
    [{ workspace: "acme", project: "CORE" }, "acme-core"],
    [{ workspace: "acme" }, "acme"],
  ])("of %j is recognised by what it sees of the remotes", async (covers, name) => {
    const { world } = household;
    const { secret } = world.site.accessToken(covers);
    await putLines(`https://x-token-auth:${secret}@bitbucket.org`);
    for (const [remote, url] of Object.entries({
      one: "git@bitbucket.org:globex/lib.git",
      two: "https://bitbucket.org/acme/api.git",
    }))
      await git(world, ["-C", household.repository, "remote", "add", remote, url]);
    expect(await rows()).toEqual([`access token | alive | becomes account '${name}'`]);
    const { workspace, ...rest } = covers;
    expect(await household.accounts()).toMatchObject([
      { name, state: "approved", scope: { workspace, ...rest } },
    ]);
  });

  test("that sees no repository in sight stays, with the command that tells what it is for", async () => {
    const { secret } = household.world.site.accessToken({ workspace: "acme", repository: "web" });
    await putLines(`https://x-token-auth:${secret}@bitbucket.org`);
    const { stdout, exitCode } = await household.migrate(["--yes"]);
    expect(stdout).toContain(
      "left, because nobody knows which repository it is for\n" +
        "next: git credential-bitbucket login --repository WORKSPACE/REPOSITORY\n",
    );
    expect(exitCode).toBe(0);
    expect(await left()).toContain(secret);
    expect(await household.accounts()).toEqual([]);
  });

  test("that is revoked is deleted", async () => {
    const { site } = household.world;
    const token = site.accessToken({ workspace: "acme" });
    site.revoke(token);
    await putLines(`https://x-token-auth:${token.secret}@bitbucket.org/acme/api.git`);
    expect(await rows()).toEqual(["access token | rejected by bitbucket (401) | deleted"]);
    expect(await household.accounts()).toEqual([]);
    expect(await left()).toBe("");
  });
});

describe("a secret of unknown kind", () => {
  const old = "abcdefghij0123456789"; // as app passwords were before they began with ATBB

  test("that no token can be is deleted where a backup remains, and left in the keyring", async () => {
    const { world, keyring } = household;
    await putLines(`https://alice:${old}@bitbucket.org`);
    await putGitSecret(world, keyring.env, old);
    expect(await rows()).toEqual([
      "token of unknown kind (alice) | no token that bitbucket takes | deleted",
      "token of unknown kind (alice) | no token that bitbucket takes | left: only you can tell, and there would be no backup",
    ]);
    expect(await left()).toBe("");
    expect(await keyringSecrets(keyring.env)).toEqual([`Git: https://bitbucket.org/: ${old}`]);
  });

  test("such as a password with spaces is sent nowhere", async () => {
    await putLines("https://alice:correct%20horse@bitbucket.org");
    await household.migrate(["--yes"]);
    expect(household.world.restLog().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
    expect(await left()).toBe("");
  });
});

test("an OAuth token of Git Credential Manager stays: it renews it by itself", async () => {
  const { world, keyring } = household;
  await putLines();
  const { secret } = world.site.oauthToken("alice");
  await putManagerSecret(world, keyring.env, secret);
  await putManagerSecret(world, keyring.env, "refresh", "git:https://bitbucket.org/refresh_token");
  expect(await rows()).toEqual([
    "OAuth access token (alice) | alive | left: Git Credential Manager renews it by itself",
  ]);
  expect(await keyringSecrets(keyring.env)).toHaveLength(2);
});

test("a secret that its helper knows to be expired is deleted without asking Bitbucket", async () => {
  const { world, keyring } = household;
  await putLines();
  const { secret } = world.site.apiToken("alice");
  await putGitSecret(world, keyring.env, `${secret}\npassword_expiry_utc=1700000000`);
  expect(await rows()).toEqual(["user API token (alice) | expired on 2023-11-14 | deleted"]);
  expect(world.restLog()).toEqual([]);
  expect(await keyringSecrets(keyring.env)).toEqual([]);
});

describe("while Bitbucket does not answer", () => {
  test.each([503, 429])(
    "with %i, tokens are kept unverified and the rest is left",
    async (status) => {
      const { world } = household;
      world.simulator.fail({ kind: "status", status }, { service: "rest" });
      const user = world.site.apiToken("alice");
      const access = world.site.accessToken({ workspace: "acme", repository: "api" });
      await putLines(
        `https://alice:${user.secret}@bitbucket.org`,
        `https://x-token-auth:${access.secret}@bitbucket.org/acme/api.git`,
        "https://alice:abcdefghij0123456789@bitbucket.org",
      );
      await household.migrate(["--yes"]);
      expect(await left()).toBe("https://alice:abcdefghij0123456789@bitbucket.org\n");
      const accounts = await household.accounts();
      expect(accounts.map(({ name, state }) => `${name} ${state}`)).toEqual([
        "alice unverified",
        "acme-api unverified",
      ]);
    },
  );

  test("an app password is dead all the same", async () => {
    const { world } = household;
    world.simulator.fail({ kind: "status", status: 503 }, { service: "rest" });
    await putLines(`https://alice:${world.site.appPassword("alice").secret}@bitbucket.org`);
    await household.migrate(["--yes"]);
    expect(await left()).toBe("");
    expect(world.restLog()).toEqual([]);
  });
});
