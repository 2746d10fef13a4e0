// logout: what is forgotten, what is said, and that nothing changes when a store does not answer.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openDesk } from "../../support/desk.ts";

const desk = openDesk();

beforeEach(async () => {
  const { site } = desk.world;
  const login = (secret: string, ...options: string[]) =>
    desk.runs(["login", "--with-token", "--no-validate", ...options], secret);
  await login(site.accessToken({ workspace: "acme" }).secret, "--workspace", "acme");
  await login(site.apiToken("alice").secret, "--email", "alice@example.com");
});

const names = async () => (await desk.accounts()).map(({ name }) => name);

test("forgets the account and its secret, and says that the token lives on", async () => {
  const { exitCode, stdout, stderr } = await desk.runs(["logout", "alice"]);
  expect(stdout).toBe(
    "account 'alice' and its secret are forgotten\n" +
      "bitbucket still takes the user API token until it is revoked, here: https://id.atlassian.com/manage-profile/security/api-tokens\n",
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(await names()).toEqual(["acme"]);
  expect(await desk.filesWith("age-encryption.org")).toHaveLength(1);
  const answer = await desk.runs(["get"], "protocol=https\nhost=bitbucket.org\npath=globex/lib\n");
  expect(answer.stdout).toBe("");
});

test("--all forgets every one", async () => {
  const { exitCode, stdout } = await desk.runs(["logout", "--all"]);
  expect(stdout).toContain("account 'acme' and its secret are forgotten\n");
  expect(stdout).toContain(
    "revoked, here: repository, project or workspace settings > Security > Access tokens\n",
  );
  expect(stdout).toContain("account 'alice' and its secret are forgotten\n");
  expect(exitCode).toBe(0);
  expect(await names()).toEqual([]);
  expect(await desk.filesWith("age-encryption.org")).toEqual([]);
});

test.each([[["logout", "--all"]], [["logout", "alice"]]])(
  "%j takes the refresh token too, also one that the accounts file does not know of",
  async (words) => {
    const { secret } = desk.world.site.oauthToken("alice");
    await desk.runs(["logout", "--all"]);
    const report = `protocol=https\nhost=bitbucket.org\nusername=x-token-auth\npassword=${secret}\n`;
    await desk.runs(["login", "--with-token", "--no-validate", "--account", "alice"], secret);
    await desk.runs(["store"], `${report}oauth_refresh_token=xyzzy\n\n`);
    expect(await desk.filesWith("age-encryption.org")).toHaveLength(2);
    const file = join(desk.world.home, ".local/share/git-credential-bitbucket/accounts.json");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace('"hasRefreshToken": true', '"hasRefreshToken": false'));
    await desk.runs(words);
    expect(await names()).toEqual([]);
    expect(await desk.filesWith("age-encryption.org")).toEqual([]);
  },
);

test("the only account needs no name; then there is none", async () => {
  await desk.runs(["logout", "acme"]);
  expect((await desk.runs(["logout"])).stdout).toContain(
    "account 'alice' and its secret are forgotten\n",
  );
  const { exitCode, stdout } = await desk.runs(["logout"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "there is no account to forget\n" });
});

test("asks which of several, at a terminal", async () => {
  const person = await desk.sits(["logout"]);
  await person.sees(
    "acme: access token, workspace acme\nalice: user API token, every repository\nAccount to forget: ",
  );
  person.types("alice\r");
  const end = await desk.leaves(person, []);
  expect(end.screen).toContain("account 'alice' and its secret are forgotten\n");
  expect(await names()).toEqual(["acme"]);
});

test("Enter or Ctrl-C at that question forgets nothing", async () => {
  for (const [key, code] of [
    ["\r", 1],
    ["\u0003", 130],
  ] as const) {
    const person = await desk.sits(["logout"]);
    await person.sees("Account to forget: ");
    person.types(key);
    expect((await desk.leaves(person, [])).code).toBe(code);
  }
  expect(await names()).toEqual(["acme", "alice"]);
});

test("of several, one must be named where nobody can be asked", async () => {
  const { exitCode, stderr } = await desk.runs(["logout"]);
  expect(stderr).toBe(
    "git-credential-bitbucket: error: there are 2 accounts: name one of them, or give --all\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket logout acme\n",
  );
  expect(exitCode).toBe(2);
  expect(await names()).toEqual(["acme", "alice"]);
});

test.each([
  [["work"], 1, "there is no account 'work'"],
  [["\u001b[2J"], 1, String.raw`there is no account '\x1b[2J'`],
  [["alice", "--all"], 2, "give an account or --all, not both"],
])("%j forgets nothing", async (args, code, message) => {
  const { exitCode, stderr } = await desk.runs(["logout", ...args]);
  expect(stderr.split("\n")[0]).toBe(`git-credential-bitbucket: error: ${message}`);
  expect(exitCode).toBe(code);
  expect(await names()).toEqual(["acme", "alice"]);
});

test("a store that does not answer keeps its account", async () => {
  const file = join(desk.world.home, ".local/share/git-credential-bitbucket/accounts.json");
  const inKeychain = (await readFile(file, "utf8")).replace(
    '"store": "file"',
    '"store": "keychain"',
  );
  await writeFile(file, inKeychain);
  const { exitCode, stdout, stderr } = await desk.runs(["logout", "acme"]);
  expect(stderr).toMatch(
    /^git-credential-bitbucket: error: .+\ngit-credential-bitbucket: hint: .+\n$/u,
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(await readFile(file, "utf8")).toBe(inKeychain);
});

test("says that BITBUCKET_TOKEN is still in force", async () => {
  const { stdout } = await desk.runs(["logout", "alice"], "", {
    BITBUCKET_TOKEN: `ATAT${"x".repeat(60)}`,
  });
  expect(stdout).toContain(
    "BITBUCKET_TOKEN is set: git gets that user API token and no account's\nnext: unset BITBUCKET_TOKEN\n",
  );
});

test("the daemon forgets the secret, too", async () => {
  const held = async () =>
    JSON.parse((await desk.runs(["daemon", "status", "--json"])).stdout) as {
      entries: { account: string }[];
    };
  expect((await desk.runs(["daemon", "start"])).exitCode).toBe(0);
  for (const path of ["acme/api", "globex/lib"])
    await desk.runs(["get"], `protocol=https\nhost=bitbucket.org\npath=${path}\n`);
  await expect.poll(async () => (await held()).entries, { timeout: 20_000 }).toHaveLength(2);
  await desk.runs(["logout", "acme"]);
  expect((await held()).entries).toMatchObject([{ account: "alice" }]);
  const { secret } = desk.world.site.apiToken("alice");
  await desk.runs(["login", "--with-token", "--no-validate", "--account", "alice"], secret);
  expect((await held()).entries).toEqual([]);
  expect((await desk.runs(["daemon", "stop"])).exitCode).toBe(0);
});
