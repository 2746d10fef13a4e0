// login --with-token: the token on standard input, the rest on the command line, no question.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDesk } from "../../support/desk.ts";

const desk = openDesk();
const login = (token: string, ...options: string[]) =>
  desk.runs(["login", "--with-token", ...options], `${token}\n`);

test("an API token: says user, kind, scopes and that fetch and push work", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const { exitCode, stdout, stderr } = await login(
    secret,
    "--email",
    "alice@example.com",
    "--expires",
    "never",
  );
  expect(stdout.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/u, "NOW")).toBe(
    `the token is stored as account 'alice' in the file store, since no keychain answers

alice
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  user          alice, alice@example.com
  store         file
  state         approved, last accepted NOW UTC
  scopes        read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket

bitbucket accepts the token of Alice: fetch and push work
`,
  );
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  expect(await desk.accounts()).toMatchObject([
    {
      name: "alice",
      kind: "api-token",
      scope: { level: "host" },
      gitUsername: "x-bitbucket-api-token-auth",
      username: "alice",
      email: "alice@example.com",
      emailConfirmed: true,
      store: "file",
      state: "approved",
    },
  ]);
  expect(await desk.filesWith(secret)).toEqual([]);
});

test("what was stored is what git clones with", async () => {
  await login(desk.world.site.apiToken("alice").secret, "--email", "alice@example.com");
  const clone = await desk.world.git(["clone", "https://bitbucket.org/acme/web.git", "cloned"]);
  expect(clone.stderr).toBe("Cloning into 'cloned'...\n");
  expect(clone.exitCode).toBe(0);
});

test.each([
  [
    "repository",
    ["--repository", "acme/api"],
    { workspace: "acme", repository: "api" },
    "repository acme/api",
    "acme-api",
  ],
  [
    "project",
    ["--project", "acme/core"],
    { workspace: "acme", project: "CORE" },
    "project acme/CORE",
    "acme-core",
  ],
  ["workspace", ["--workspace", "acme"], { workspace: "acme" }, "workspace acme", "acme"],
] as const)("a %s access token", async (level, options, covers, text, name) => {
  const { secret } = desk.world.site.accessToken(covers);
  const { exitCode, stdout } = await login(secret, ...options);
  expect(stdout).toContain(`stored as account '${name}' in the file store`);
  expect(stdout).toContain(`\n  for           ${text}\n  git username  x-token-auth\n`);
  expect(stdout).toContain("bitbucket accepts the token: fetch and push work\n");
  expect(exitCode).toBe(0);
  expect(await desk.accounts()).toMatchObject([
    { kind: "access-token", scope: { level, ...covers } },
  ]);
});

test("an OAuth access token of 2,600 characters", async () => {
  const { secret } = desk.world.site.oauthToken("bob");
  const { exitCode, stdout } = await login(secret);
  expect(stdout).toContain("\n  kind          OAuth access token\n");
  expect(stdout).toContain("\n  user          bob\n");
  expect(exitCode).toBe(0);
});

test("says what will fail for want of a scope", async () => {
  const { secret } = desk.world.site.apiToken("alice", {
    scopes: ["read:repository:bitbucket", "read:user:bitbucket"],
  });
  const { exitCode, stdout } = await login(secret, "--email", "alice@example.com");
  expect(stdout).toContain(
    "  warning       fetch works, push will fail: the token lacks write:repository:bitbucket\n" +
      "  next          make a token with that scope and run: git credential-bitbucket login --account alice\n",
  );
  expect(exitCode).toBe(0);
});

test.each([
  [
    "an app password",
    (site: typeof desk.world.site) => site.appPassword("alice").secret,
    "app passwords stopped working on 28 July 2026",
  ],
  [
    "a Data Center token",
    () => `BBDC-${"M".repeat(44)}`,
    "bitbucket.org takes no Bitbucket Data Center token",
  ],
] as const)(
  "refuses %s without asking Bitbucket, and says what to make instead",
  async (_title, make, message) => {
    const { exitCode, stdout, stderr } = await login(make(desk.world.site));
    expect(stderr).toBe(
      `git-credential-bitbucket: error: ${message}\n` +
        "git-credential-bitbucket: hint: make an API token with scopes at https://id.atlassian.com/manage-profile/security/api-tokens and run: git credential-bitbucket login\n",
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(desk.world.log()).toEqual([]);
    expect(await desk.accounts()).toEqual([]);
  },
);

test.each([
  [
    "revoked",
    (site: typeof desk.world.site) => {
      const token = site.apiToken("alice");
      site.revoke(token);
      return token;
    },
    "alice@example.com",
  ],
  [
    "made without scopes",
    (site: typeof desk.world.site) => site.unscopedApiToken("alice"),
    "alice@example.com",
  ],
  ["of somebody else", (site: typeof desk.world.site) => site.apiToken("bob"), "alice@example.com"],
] as const)(
  "a token that is %s is rejected, and nothing is stored",
  async (_title, make, email) => {
    const { secret } = make(desk.world.site);
    const { exitCode, stdout, stderr } = await login(secret, "--email", email);
    expect(stderr).toBe(
      `git-credential-bitbucket: error: bitbucket rejected the token (401): it is revoked, expired, made without scopes or not of ${email}\n` +
        "git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login\n",
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(await desk.accounts()).toEqual([]);
    expect(await desk.filesWith("age-encryption.org")).toEqual([]);
  },
);

test("a repository token for another repository is refused", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme", repository: "web" });
  const { exitCode, stderr } = await login(secret, "--repository", "acme/api");
  expect(stderr).toBe(
    "git-credential-bitbucket: error: the token does not see acme/api: the name is wrong or the token is for something else\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket login --repository acme/api\n",
  );
  expect(exitCode).toBe(1);
  expect(await desk.accounts()).toEqual([]);
});

test("without an email, git's is a guess that Bitbucket may confirm", async () => {
  const cwd = join(desk.world.work, "with-email");
  await desk.world.git(["init", "--quiet", cwd]);
  await desk.world.git(["config", "user.email", "alice@example.com"], { cwd });
  const { secret } = desk.world.site.apiToken("alice");
  const { exitCode } = await desk.world.helper(["login", "--with-token"], { input: secret, cwd });
  expect(exitCode).toBe(0);
  expect(await desk.accounts()).toMatchObject([
    { name: "alice", email: "alice@example.com", emailConfirmed: true, state: "approved" },
  ]);
});

test("without any email the token is stored unverified, and the missing email is said", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const { exitCode, stdout } = await login(secret, "--account", "work");
  expect(stdout).toContain("\n  state         unverified\n");
  expect(stdout).toContain("could not be checked: it is not known to whom the token belongs");
  expect(stdout).toContain(
    "next          git credential-bitbucket login --account work --email YOU@EXAMPLE.COM\n",
  );
  expect(exitCode).toBe(0);
  const clone = await desk.world.git(["clone", "https://bitbucket.org/acme/web.git", "unverified"]);
  expect(clone.exitCode).toBe(0);
});

test.each([
  ["is down", { kind: "status", status: 503 }, "bitbucket has a fault of its own (503)"],
  ["hangs up", { kind: "reset" }, "could not be checked"],
  [
    "takes no more requests",
    { kind: "status", status: 429 },
    "bitbucket takes no more requests for now (429)",
  ],
  ["is somebody else", { kind: "garbage" }, "could not be checked"],
] as const)(
  "when Bitbucket %s, the token is stored as not verified",
  async (_title, fault, because) => {
    desk.restFails(fault);
    const { secret } = desk.world.site.apiToken("alice");
    const { exitCode, stdout } = await login(secret, "--email", "alice@example.com");
    expect(stdout).toContain("\n  state         unverified\n");
    expect(stdout).toContain(because);
    expect(stdout).not.toContain("accepts");
    expect(exitCode).toBe(0);
    expect(await desk.accounts()).toMatchObject([
      { state: "unverified", email: "alice@example.com" },
    ]);
  },
);

test("--no-validate asks Bitbucket nothing", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const { exitCode, stdout } = await login(secret, "--email", "alice@example.com", "--no-validate");
  expect(stdout).toContain("the token of account 'alice' is not checked yet\n");
  expect(exitCode).toBe(0);
  expect(desk.world.log()).toEqual([]);
});

test("a damaged token is doubted, then Bitbucket decides", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const { exitCode, stderr } = await login(secret.slice(0, 128), "--email", "alice@example.com");
  expect(stderr).toContain("the token seems cut off: 128 characters, most have 192\n");
  expect(stderr).toContain("bitbucket rejected the token (401)");
  expect(exitCode).toBe(1);
});

test("renews an account in place: name, scope and store stay, the old secret goes", async () => {
  const first = desk.world.site.accessToken({ workspace: "acme", repository: "api" });
  await login(first.secret, "--account", "work", "--repository", "acme/api");
  const [before] = await desk.accounts();
  const second = desk.world.site.accessToken({ workspace: "acme", repository: "api" });
  const { exitCode, stdout } = await login(second.secret, "--account", "work");
  expect(stdout).toContain("account 'work' has its new token, kept in the file store\n");
  expect(exitCode).toBe(0);
  const [after, ...others] = await desk.accounts();
  expect(others).toEqual([]);
  expect(after).toMatchObject({ name: "work", scope: before?.scope, created: before?.created });
  expect(after?.secretKey).not.toBe(before?.secretKey);
  expect(after?.superseded).toEqual([before?.fingerprint]);
  expect(await desk.filesWith("age-encryption.org")).toHaveLength(1);
});

test("the same person's next token replaces the last one without being told to", async () => {
  await login(desk.world.site.apiToken("alice").secret, "--email", "alice@example.com");
  const { stdout } = await login(
    desk.world.site.apiToken("alice").secret,
    "--email",
    "alice@example.com",
  );
  expect(stdout).toContain("account 'alice' has its new token");
  expect(await desk.accounts()).toHaveLength(1);
});

test("another person's token never replaces one, also when nobody knows yet whose it is", async () => {
  await login(
    desk.world.site.apiToken("alice").secret,
    "--email",
    "alice@example.com",
    "--no-validate",
  );
  await login(
    desk.world.site.apiToken("bob").secret,
    "--email",
    "bob@example.com",
    "--no-validate",
  );
  await login(desk.world.site.apiToken("eve").secret, "--no-validate");
  expect((await desk.accounts()).map(({ name }) => name)).toEqual(["alice", "bob", "bitbucket"]);
});

test("says nothing of keychains to who asked for the file store", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const { stdout } = await login(secret, "--workspace", "acme", "--store", "file");
  expect(stdout).toMatch(/^the token is stored as account 'acme' in the file store\n/u);
});

test("keeps the secret where --store says, and says when it cannot", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const { exitCode, stdout, stderr } = await login(
    secret,
    "--email",
    "alice@example.com",
    "--store",
    "keychain",
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(
    /^git-credential-bitbucket: error: .*\ngit-credential-bitbucket: hint: .*\n$/u,
  );
  expect(await desk.accounts()).toEqual([]);
});

test("a token of no known kind needs the username that goes with it", async () => {
  const asked = await login("opaque0token");
  expect(asked.stderr).toBe(
    "git-credential-bitbucket: warning: this looks like no token of bitbucket: an API token begins with ATAT, an access token with ATCT\n" +
      "git-credential-bitbucket: error: a token of no known kind needs --username\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket login --with-token --username USERNAME\n",
  );
  expect(asked.exitCode).toBe(2);
  const told = await login("opaque0token", "--username", "alice");
  expect(told.exitCode).toBe(0);
  expect(await desk.accounts()).toMatchObject([
    { kind: "unknown", gitUsername: "alice", state: "unverified" },
  ]);
});

test("refuses more than a line on standard input", async () => {
  const { exitCode, stdout, stderr } = await login("ATATone\nATATtwo");
  expect(stderr).toBe(
    "git-credential-bitbucket: error: a token is one line without control characters\n",
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(desk.world.log()).toEqual([]);
});

test("takes the token without its line end", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const args = ["login", "--with-token", "--workspace", "acme"];
  expect((await desk.runs(args, `${secret}\r\n`)).exitCode).toBe(0);
  const answer = await desk.runs(
    ["get"],
    "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n",
  );
  expect(answer.stdout).toBe(`username=x-token-auth\npassword=${secret}\n`);
});

test("wrong usage is told before the token is looked at", async () => {
  const { exitCode, stderr } = await login("ATATxyz", "--email", "alice");
  expect(stderr).toBe(
    "git-credential-bitbucket: error: --email wants an email address, such as you@example.com\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket help login\n",
  );
  expect(exitCode).toBe(2);
  expect(desk.world.log()).toEqual([]);
});

test("an access token must be told what it is for", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme", repository: "api" });
  const { exitCode, stderr } = await login(secret);
  expect(stderr).toBe(
    "git-credential-bitbucket: error: an access token needs --repository, --project or --workspace\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket login --with-token --repository WORKSPACE/REPOSITORY\n",
  );
  expect(exitCode).toBe(2);
  expect(await desk.accounts()).toEqual([]);
});

test("without a terminal and without --with-token nothing can be asked", async () => {
  const { exitCode, stderr } = await desk.world.run(
    "setsid",
    ["--wait", desk.world.front, "login"],
    { env: { GIT_TERMINAL_PROMPT: "1" } },
  );
  expect(stderr).toBe(
    "git-credential-bitbucket: error: there is no terminal to ask for a token\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket login --with-token < TOKEN-FILE\n",
  );
  expect(exitCode).toBe(1);
});

describe("the token of an account once more", () => {
  const owner = ["--email", "alice@example.com"];
  test.each([
    ["first without its owner", [], owner, "bitbucket"],
    ["then without its owner", owner, [], "alice"],
  ])("%s", async (_title, first, second, name) => {
    const { secret } = desk.world.site.apiToken("alice");
    await login(secret, ...first);
    const { stdout } = await login(secret, ...second);
    expect(stdout).toContain("bitbucket accepts the token of Alice");
    expect(await desk.accounts()).toMatchObject([
      { name, state: "approved", email: "alice@example.com" },
    ]);
    const input = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n\n";
    expect((await desk.world.helper(["get"], { input })).stdout).toContain(secret);
  });

  test("for something else is another account", async () => {
    const { secret } = desk.world.site.apiToken("alice");
    for (const scope of [[], ["--workspace", "acme"], ["--workspace", "globex"]])
      await login(secret, ...owner, ...scope);
    expect(await desk.accounts()).toHaveLength(3);
  });
});

test("says that BITBUCKET_TOKEN goes before what is stored", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const { stdout } = await desk.runs(
    ["login", "--with-token", "--email", "alice@example.com"],
    secret,
    {
      BITBUCKET_TOKEN: desk.world.site.accessToken({ workspace: "acme" }).secret,
    },
  );
  expect(stdout).toContain(
    "BITBUCKET_TOKEN is set: git gets that access token and no account's\nnext: unset BITBUCKET_TOKEN\n",
  );
});

test("90 days mean the end of that day", async () => {
  await login(
    desk.world.site.apiToken("alice").secret,
    "--email",
    "alice@example.com",
    "--expires",
    "90d",
  );
  const [account] = await desk.accounts();
  const day = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
  expect(account?.expires).toBe(`${day}T23:59:59.000Z`);
});

test("no secret reaches the accounts file", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  await login(secret, "--workspace", "acme");
  const file = join(desk.world.home, ".local/share/git-credential-bitbucket/accounts.json");
  expect(await readFile(file, "utf8")).not.toContain(secret.slice(12, 40));
});

test("an accounts file that cannot be understood is left as it is", async () => {
  await login(desk.world.site.accessToken({ workspace: "acme" }).secret, "--workspace", "acme");
  const file = join(desk.world.home, ".local/share/git-credential-bitbucket/accounts.json");
  await writeFile(file, "not json");
  const { exitCode, stderr } = await login(
    desk.world.site.accessToken({ workspace: "globex" }).secret,
    "--workspace",
    "globex",
  );
  expect(stderr).toMatch(/^git-credential-bitbucket: error: /u);
  expect(exitCode).toBe(1);
  expect(await readFile(file, "utf8")).toBe("not json");
});
