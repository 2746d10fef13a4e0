// Git was refused with a token that works: Bitbucket answers 401 by mistake, and its REST interface, which could tell, is
// down as well. No such day takes a token away from the person who has it.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import { openStory, type Story } from "../real-git/story.ts";
import type { PlannedFault } from "../simulator/faults.ts";
import type { Token } from "../simulator/records.ts";
import { accountOf, registryOf, seedAccount } from "../support/seed.ts";

const url = "https://bitbucket.org/acme/api.git";
const asAlice = ["--email=alice@example.com"];
const refused = /git was refused with the token of account/gu;

/** A story of somebody who has logged in and cloned. */
async function openClone(): Promise<{ story: Story; clone: string; token: Token }> {
  const story = await openStory();
  const token = story.site.apiToken("alice", { name: "own" });
  await story.login(token, asAlice);
  const clone = await story.clone(url, "one");
  await story.succeed(["fetch"], { cwd: clone });
  story.forgetLog();
  return { story, clone, token };
}

function restDown({ simulator }: Story): PlannedFault {
  return simulator.fail({ kind: "status", status: 503 }, { service: "rest" });
}

/** One fetch that Bitbucket refuses by mistake. @returns what git and the helper said. */
async function refuseOnce(story: Story, clone: string): Promise<string> {
  const fault = { kind: "status", status: 401 } as const;
  const planned = story.simulator.fail(fault, { service: "git", authenticated: true, times: 1 });
  const { exitCode, stderr } = await story.git(["fetch"], { cwd: clone });
  planned.clear();
  expect(exitCode).toBe(128);
  return stderr;
}

async function call(story: Story, operation: string, ...lines: readonly string[]) {
  const input = ["protocol=https", "host=bitbucket.org", ...lines, ""].join("\n");
  return await story.helper([operation], { input });
}

async function change(story: Story, change: (account: Account) => Account): Promise<void> {
  await registryOf(story).update((accounts) => accounts.map(change));
}

async function untilChecked(story: Story): Promise<void> {
  await expect.poll(() => story.restLog().length, { timeout: 20_000 }).toBeGreaterThan(0);
}

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

describe("while REST cannot tell", () => {
  test("one wrong 401 takes nothing away: the very next fetch works", async () => {
    const { story, clone } = await openClone();
    restDown(story);
    expect(await refuseOnce(story, clone)).toContain(
      "git-credential-bitbucket: error: git was refused with the token of account 'alice', which is now being checked\n" +
        "git-credential-bitbucket: hint: git credential-bitbucket status --check\n",
    );
    await story.succeed(["fetch"], { cwd: clone });
    await untilChecked(story);
    await story.succeed(["fetch"], { cwd: clone });
    expect(await story.status()).toMatchObject({ accounts: [{ state: "approved", works: true }] });
  });

  test("five of them leave a doubtful account, which is served, and one line", async () => {
    const { story, clone } = await openClone();
    restDown(story);
    let said = "";
    for (let time = 0; time < 5; time += 1) said += await refuseOnce(story, clone);
    expect(said.match(refused)).toHaveLength(1);
    const status = await story.helper(["status"]);
    expect(status.stdout).toContain(
      "  warning       git was refused with the token of account 'alice' 3 times, and bitbucket could not be asked about it\n" +
        "  next          git credential-bitbucket status --check\n",
    );
    expect(status.exitCode).toBe(0);
    expect(await story.status()).toMatchObject({
      accounts: [{ state: "approved", doubtful: true, works: true }],
    });
    const { stdout } = await story.helper(["explain", url]);
    expect(stdout).toContain("account 'alice' answers: every repository, though it is doubtful\n");
    expect(stdout).toContain("git is told: username");
    story.forgetLog();
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "own", status: 200 });
  });

  test("another account that fits goes first, until git succeeds with the doubtful one", async () => {
    const { story, clone, token } = await openClone();
    const { secret } = token;
    const other = story.site.apiToken("bob", { name: "other" });
    const workspace = { level: "workspace", workspace: "acme" } as const;
    await change(story, (account) => ({ ...account, scope: workspace }));
    await seedAccount(story, other.secret, { name: "bob", kind: "api-token", username: "bob" });
    restDown(story);
    for (let time = 0; time < 3; time += 1) await refuseOnce(story, clone);
    story.forgetLog();
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "other", status: 200 });
    const { stdout } = await story.helper(["explain", url]);
    expect(stdout).toContain(
      "account 'bob' answers: every repository, since account 'alice' is doubtful\n",
    );
    await call(story, "store", "username=x-bitbucket-api-token-auth", `password=${secret}`);
    story.forgetLog();
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "own", status: 200 });
  });

  test("a doubtful account goes before a login that git reported", async () => {
    const { story, clone } = await openClone();
    const foreign = story.site.apiToken("eve", { name: "foreign" }).secret;
    await call(story, "store", "path=acme/api.git", "username=eve", `password=${foreign}`);
    restDown(story);
    for (let time = 0; time < 3; time += 1) await refuseOnce(story, clone);
    story.forgetLog();
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "own", status: 200 });
  });

  test("thirty erases at once change nothing but that, say one line, and ask once", async () => {
    const { story, clone, token } = await openClone();
    const { secret } = token;
    restDown(story);
    const lines = ["username=x-bitbucket-api-token-auth", `password=${secret}`];
    const all = await Promise.all(
      Array.from({ length: 30 }, () => call(story, "erase", "path=acme/api.git", ...lines)),
    );
    expect(all.map(({ stdout }) => stdout).join("")).toBe("");
    const said = all.map(({ stderr }) => stderr).join("");
    expect(said.match(refused)).toHaveLength(1);
    expect(said.replaceAll(/^git-credential-bitbucket: (?:error|hint): .*\n/gmu, "")).toBe("");
    expect((await accountOf(story, "alice")).state).toBe("approved");
    await untilChecked(story);
    await expect.poll(async () => (await accountOf(story, "alice")).checked).toBeDefined();
    await story.succeed(["fetch"], { cwd: clone });
    const asked = new Set(story.restLog().map(({ path }) => path));
    expect(story.restLog().length).toBeLessThanOrEqual(2 * asked.size);
  });

  test("with every use checked it is served all the same", async () => {
    const { story, clone } = await openClone();
    await story.git(["config", "--global", "credential.bitbucketValidate", "always"]);
    restDown(story);
    await refuseOnce(story, clone);
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "own", status: 200 });
  });

  test("one that an earlier version had set aside is served again", async () => {
    const { story, clone } = await openClone();
    const file = join(story.home, ".local/share/git-credential-bitbucket/accounts.json");
    const text = await readFile(file, "utf8");
    const old = {
      state: "rejected",
      rejectedBy: "git",
      reason: "git reported that it failed",
      validated: ago(3600),
      checked: undefined,
    };
    const { accounts } = JSON.parse(text) as { accounts: object[] };
    const before = { version: 1, accounts: accounts.map((account) => Object.assign(account, old)) };
    await writeFile(file, JSON.stringify(before));
    restDown(story);
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "own", status: 200 });
    await untilChecked(story);
  });
});

describe("what is no word about an account", () => {
  test.each([
    ["another password", ["password=other"]],
    ["another user", ["username=bob"]],
    ["another path and password", ["path=globex/lib.git", "password=other"]],
  ])("an erase with %s changes nothing", async (_title, lines) => {
    const { story } = await openClone();
    const before = await registryOf(story).read();
    const { stdout, stderr } = await call(story, "erase", ...lines);
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
    expect(await registryOf(story).read()).toEqual(before);
    expect(story.restLog()).toEqual([]);
  });

  test("refusals of a day that is still to come: the clock was wrong", async () => {
    const { story } = await openClone();
    const refusals = [ago(-3000), ago(-2000), ago(-1000)];
    await change(story, (account) => ({ ...account, refusals }));
    expect(await story.status()).toMatchObject({ accounts: [{ doubtful: false }] });
  });
});

describe("for the host alone", () => {
  test("it is one refusal of each account that a person made, and the end of what git reported", async () => {
    const { story, clone } = await openClone();
    const foreign = story.site.apiToken("eve").secret;
    await call(story, "store", "path=acme/api.git", "username=eve", `password=${foreign}`);
    restDown(story);
    await call(story, "erase");
    const accounts = await registryOf(story).read();
    expect(accounts).toMatchObject([{ name: "alice", state: "approved" }]);
    expect(accounts[0]?.refusals).toHaveLength(1);
    await story.succeed(["fetch"], { cwd: clone });
  });
});

/** Refused three times, some minutes ago, while nobody could tell. */
async function openDoubtful() {
  const opened = await openClone();
  const down = restDown(opened.story);
  for (let time = 0; time < 3; time += 1) await refuseOnce(opened.story, opened.clone);
  await untilChecked(opened.story);
  await expect
    .poll(async () => Date.parse((await accountOf(opened.story, "alice")).checked ?? ""))
    .toBeGreaterThan(Date.parse((await accountOf(opened.story, "alice")).refusals?.[0] ?? ""));
  const refusals = [ago(300), ago(290), ago(280)];
  await change(opened.story, (account) => ({ ...account, refusals, checked: ago(295) }));
  down.clear();
  opened.story.forgetLog();
  return opened;
}

describe("once REST answers again", () => {
  test("the next fetch is served at once, and the check behind it ends the doubt", async () => {
    const { story, clone } = await openDoubtful();
    await story.succeed(["fetch"], { cwd: clone });
    await expect
      .poll(async () => (await accountOf(story, "alice")).refusals, { timeout: 20_000 })
      .toBeUndefined();
    expect(await story.status()).toMatchObject({
      accounts: [{ state: "approved", doubtful: false, works: true }],
    });
  });

  test("and says 401, the account ends, its secret is deleted, and the next fetch says so", async () => {
    const { story, clone, token } = await openDoubtful();
    const account = await accountOf(story, "alice");
    story.site.revoke(token);
    await story.git(["fetch"], { cwd: clone });
    await expect
      .poll(async () => (await accountOf(story, "alice")).state, { timeout: 20_000 })
      .toBe("rejected");
    const kept = join(story.home, ".local/share/git-credential-bitbucket");
    await expect
      .poll(async () => (await story.run("grep", ["-rlF", account.secretKey, kept])).stdout)
      .toMatch(/^[^\n]*accounts\.json\n$/u);
    story.forgetLog();
    const { exitCode, stderr } = await story.git(["fetch"], { cwd: clone });
    expect(exitCode).toBe(128);
    expect(stderr).toContain(
      "git-credential-bitbucket: error: bitbucket rejected the token of account 'alice' (401)\n" +
        "git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login --account alice\n",
    );
    expect(story.log().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
  });
});

const project = (key: string) => ({ level: "project", workspace: "acme", project: key }) as const;

describe("tokens of projects with REST down", () => {
  test("one is served", async () => {
    const story = await openStory();
    const { secret } = story.site.accessToken({ workspace: "acme", project: "CORE" });
    await seedAccount(story, secret, {
      name: "core",
      kind: "access-token",
      scope: project("CORE"),
    });
    restDown(story);
    await story.clone(url, "one");
    expect(story.gitLog().at(-1)).toMatchObject({ username: "x-token-auth", status: 200 });
  });

  test("of two that may hold the repository neither is, and the person reads why", async () => {
    const story = await openStory();
    for (const key of ["CORE", "OPS"]) {
      const name = key.toLowerCase();
      const { secret } = story.site.accessToken({ workspace: "acme", project: "CORE" });
      await seedAccount(story, secret, { name, kind: "access-token", scope: project(key) });
    }
    restDown(story);
    const { exitCode, stderr } = await story.git(["clone", url, join(story.work, "one")]);
    expect(exitCode).toBe(128);
    expect(stderr).toContain(
      "git-credential-bitbucket: error: no account answers: nobody knows yet whose project holds it: 'core' and 'ops'\n" +
        "git-credential-bitbucket: hint: git -c credential.username=core fetch\n",
    );
    expect(stderr.match(/: error: /gu)).toHaveLength(1);
  });
});
