// erase, from the outside: what failed is checked, and a token that works is never lost.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { waitFor } from "../support/wait.ts";
import { accountOf, registryOf, seedAccount } from "../support/seed.ts";
import { openWorld, type World } from "../support/world.ts";

const host = ["protocol=https", "host=bitbucket.org"];

let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

async function call(operation: string, ...lines: readonly string[]) {
  return await world.helper([operation], { input: [...host, ...lines, ""].join("\n") });
}

async function states(): Promise<Record<string, string>> {
  const accounts = await registryOf(world).read();
  return Object.fromEntries(accounts.map(({ name, state }) => [name, state]));
}

describe("what does not match", () => {
  test.each([
    ["another password", ["username=x-token-auth", "password=other"]],
    ["another user", ["username=bob"]],
    ["another path", ["path=globex/lib.git"]],
    ["another host", ["host=evil.example"]],
  ])("is left alone: %s", async (_title, lines) => {
    const { secret } = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, secret, {
      name: "work",
      kind: "access-token",
      scope: { level: "workspace", workspace: "acme" },
    });
    expect(await call("erase", ...lines)).toMatchObject({ stdout: "" });
    expect(await states()).toEqual({ work: "approved" });
    expect(world.log()).toEqual([]);
  });
});

describe("a token that failed", () => {
  test("and still works is checked in the background, and back", async () => {
    const { secret } = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, secret, { name: "work", kind: "access-token" });
    const { stdout, stderr } = await call("erase", "username=x-token-auth", `password=${secret}`);
    expect({ stdout, stderr }).toEqual({
      stdout: "",
      stderr:
        "git-credential-bitbucket: error: git was refused with the token of account 'work', which is now being checked\n" +
        "git-credential-bitbucket: hint: git credential-bitbucket status --check\n",
    });
    await waitFor(
      async () => (await states())["work"] === "approved" && world.restLog().length > 0,
    );
    expect((await call("get")).stdout).toContain(secret);
  });

  test("and was revoked is gone from the store once Bitbucket says so", async () => {
    const token = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, token.secret, { name: "work", kind: "access-token" });
    world.site.revoke(token);
    await call("erase", "username=x-token-auth", `password=${token.secret}`);
    await waitFor(async () => (await accountOf(world, "work")).state === "rejected");
    expect((await call("get")).stdout).toBe("");
  });

  test("while Bitbucket does not answer is served, and git's success ends what git said before", async () => {
    world.simulator.fail({ kind: "status", status: 500 }, { service: "rest" });
    const { secret } = world.site.accessToken({ workspace: "acme" });
    await seedAccount(world, secret, { name: "work", kind: "access-token" });
    await call("erase", "username=x-token-auth", `password=${secret}`);
    await waitFor(async () => (await accountOf(world, "work")).checked !== undefined);
    expect((await call("get")).stdout).toContain(secret);
    expect((await accountOf(world, "work")).refusals).toHaveLength(1);

    await call("store", "username=x-token-auth", `password=${secret}`);
    expect((await accountOf(world, "work")).refusals).toBeUndefined();
  });

  test("keeps another account that has another secret", async () => {
    const failing = world.site.accessToken({ workspace: "acme" });
    const other = world.site.accessToken({ workspace: "globex" });
    world.simulator.fail({ kind: "status", status: 500 }, { service: "rest" });
    await seedAccount(world, failing.secret, { name: "work", kind: "access-token" });
    await seedAccount(world, other.secret, { name: "other", kind: "access-token" });
    await call("erase", `password=${failing.secret}`);
    expect(await states()).toEqual({ work: "approved", other: "approved" });
    expect((await accountOf(world, "work")).refusals).toHaveLength(1);
    expect((await accountOf(world, "other")).refusals).toBeUndefined();
  });
});

test("in a home that cannot be written the person hears of it, and the account is served", async () => {
  const { secret } = world.site.accessToken({ workspace: "acme" });
  await seedAccount(world, secret, { name: "work", kind: "access-token" });
  // Mounted read-only in a mount namespace of its own.
  const script = `
    mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" &&
    printf "$REPORT" | "$FRONT" erase && printf "$REPORT" | "$FRONT" erase &&
    printf 'protocol=https\\nhost=bitbucket.org\\n' | "$FRONT" get`;
  const REPORT = String.raw`protocol=https\nhost=bitbucket.org\npassword=${secret}\n`;
  const { stdout, stderr } = await world.run(
    "unshare",
    ["--user", "--map-root-user", "--mount", "sh", "-c", script],
    { env: { FRONT: world.front, REPORT } },
  );
  const line =
    "git-credential-bitbucket: error: git was refused with the token of account 'work'\n" +
    "git-credential-bitbucket: hint: git credential-bitbucket status --check\n";
  expect(stderr).toBe(line + line);
  expect(stdout).toContain(secret);
  expect(await states()).toEqual({ work: "approved" });
});

test("status says there that it may be out of date, and with --check what Bitbucket says", async () => {
  const token = world.site.accessToken({ workspace: "acme" });
  await seedAccount(world, token.secret, { name: "work", kind: "access-token" });
  world.site.revoke(token);
  const script = `
    mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" &&
    "$FRONT" status && "$FRONT" status --check`;
  const { stdout, exitCode } = await world.run(
    "unshare",
    ["--user", "--map-root-user", "--mount", "sh", "-c", script],
    { env: { FRONT: world.front } },
  );
  expect(stdout).toMatch(
    /state +approved.*\n +warning +nothing can be written here, so this may be out of date\n +next +git credential-bitbucket status --check\n/u,
  );
  expect(stdout).toMatch(/state +rejected.*\n +problem +bitbucket rejected the token/u);
  expect(exitCode).toBe(1);
});

test("a request without a host changes nothing", async () => {
  const { secret } = world.site.accessToken({ workspace: "acme" });
  await seedAccount(world, secret, { name: "work", kind: "access-token" });
  const { stdout, stderr } = await world.helper(["erase"], { input: "protocol=https\n" });
  expect(stdout).toBe("");
  expect(stderr).toBe("git-credential-bitbucket: error: the request was refused: no host\n");
  expect(await states()).toEqual({ work: "approved" });
});
