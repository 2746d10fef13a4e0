// status: what is wrong with every account, in words and in JSON, with real stores and a simulated Bitbucket.
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDesk } from "../../support/desk.ts";
import { openKeyring } from "../../support/keyring.ts";

const desk = openDesk();
const login = (secret: string, ...options: string[]) =>
  desk.runs(["login", "--with-token", ...options], secret);
const accountsFile = () =>
  join(desk.world.home, ".local/share/git-credential-bitbucket/accounts.json");
const timeless = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/gu, "NOW");

const useFile = "git config --global credential.bitbucketStore file";
/** What is said of a keychain that the setting names and that cannot take secrets. */
const told = (problem: string, next: string) =>
  `new secrets should go to the keychain store, as credential.bitbucketStore says, but they cannot
  warning       ${problem}
  next          ${next}
`;

/** Changes what the accounts file says. */
async function edit(change: (text: string) => string): Promise<void> {
  await writeFile(accountsFile(), change(await readFile(accountsFile(), "utf8")));
}

test("without accounts it says how to get one", async () => {
  const { exitCode, stdout, stderr } = await desk.runs(["status"]);
  expect(stdout).toBe(
    `there are no accounts yet
next: git credential-bitbucket login

new secrets go to the file store, since no keychain answers
`,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
});

test("every account that works, with what is known of it", async () => {
  const { site } = desk.world;
  await login(site.apiToken("alice").secret, "--email", "alice@example.com", "--expires", "never");
  await login(
    site.accessToken({ workspace: "acme", repository: "api" }, { scopes: ["repository"] }).secret,
    "--repository",
    "acme/api",
  );
  const { exitCode, stdout } = await desk.runs(["status"]);
  expect(timeless(stdout)).toBe(
    `alice
  kind          user API token
  for           every repository
  git username  x-bitbucket-api-token-auth
  user          alice, alice@example.com
  store         file
  state         approved, last accepted NOW
  scopes        read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket

acme-api
  kind          access token
  for           repository acme/api
  git username  x-token-auth
  store         file
  state         approved, last accepted NOW
  scopes        repository
  warning       fetch works, push will fail: the token lacks repository:write
  next          make a token with that scope and run: git credential-bitbucket login --account acme-api

new secrets go to the file store, since no keychain answers
`,
  );
  expect(exitCode).toBe(0);
});

test("asks Bitbucket only with --check, and then tells and records what it said", async () => {
  const { site } = desk.world;
  const dying = site.accessToken({ workspace: "acme" });
  await login(dying.secret, "--workspace", "acme");
  await login(site.apiToken("bob").secret, "--email", "bob@example.com");
  site.revoke(dying);
  desk.world.forgetLog();

  expect((await desk.runs(["status"])).exitCode).toBe(0);
  expect(desk.world.log()).toEqual([]);

  const checked = await desk.runs(["status", "--check"]);
  expect(checked.stdout).toContain(
    "  problem       bitbucket rejected the token of account 'acme' (401): it is revoked or expired\n" +
      "  next          make a new one and run: git credential-bitbucket login --account acme\n",
  );
  expect(checked.exitCode).toBe(1);
  expect(await desk.accounts()).toMatchObject([
    { name: "acme", state: "rejected" },
    { name: "bob", state: "approved" },
  ]);

  const after = await desk.runs(["status"]);
  expect(after.stdout).toContain(
    "  problem       bitbucket rejected the token of account 'acme' (401)",
  );
  expect(after.stdout).not.toContain("is not in the file store");
  expect(after.exitCode).toBe(1);
});

test("a check ends what git said by mistake", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  await login(secret, "--workspace", "acme");
  await edit((text) =>
    text.replace(
      '"state": "approved"',
      '"state": "approved", "refusals": ["2026-01-01T00:00:00Z"]',
    ),
  );
  const before = await desk.runs(["status"]);
  expect(before.stdout).toContain("next          git credential-bitbucket status --check\n");
  expect(before.exitCode).toBe(0);
  const { exitCode, stdout } = await desk.runs(["status", "--check"]);
  expect(stdout).not.toContain("problem");
  expect(exitCode).toBe(0);
  expect(await desk.accounts()).toMatchObject([{ state: "approved" }]);
  expect((await desk.accounts())[0]?.refusals).toBeUndefined();
});

test("a check that learns nothing changes nothing and is told", async () => {
  await login(desk.world.site.accessToken({ workspace: "acme" }).secret, "--workspace", "acme");
  desk.restFails({ kind: "status", status: 503 });
  const { exitCode, stdout } = await desk.runs(["status", "--check"]);
  expect(stdout).toContain(
    "  warning       the token of account 'acme' could not be checked: bitbucket has a fault of its own (503)\n",
  );
  expect(exitCode).toBe(0);
  expect(await desk.accounts()).toMatchObject([{ state: "approved" }]);
});

test("a token past its end, and one near it", async () => {
  await login(
    desk.world.site.accessToken({ workspace: "acme" }).secret,
    "--workspace",
    "acme",
    "--expires",
    "13d",
  );
  await login(
    desk.world.site.accessToken({ workspace: "globex" }).secret,
    "--workspace",
    "globex",
    "--expires",
    "20d",
  );
  const [near] = await desk.accounts();
  const day = near?.expires?.slice(0, 10) ?? "";
  const soon = await desk.runs(["status"]);
  expect(soon.stdout).toContain(
    `  expires       ${day}, in 13 days\n  warning       the token expires on ${day}\n` +
      "  next          make a new one and run: git credential-bitbucket login --account acme\n",
  );
  expect(soon.stdout).toContain(", in 20 days\n\nnew secrets");
  expect(soon.exitCode).toBe(0);
  await edit((text) => text.replace(near?.expires ?? "", "2020-01-02T23:59:59.000Z"));
  const past = await desk.runs(["status"]);
  expect(past.stdout).toContain("  state         expired");
  expect(past.stdout).toContain(
    "  problem       the token of account 'acme' expired on 2020-01-02\n",
  );
  expect(past.exitCode).toBe(1);
});

test("a secret that is gone from its store", async () => {
  await login(desk.world.site.accessToken({ workspace: "acme" }).secret, "--workspace", "acme");
  await rm(join(accountsFile(), "../secrets"), { recursive: true });
  for (const args of [["status"], ["status", "--check"]]) {
    const { exitCode, stdout } = await desk.runs(args);
    expect(stdout).toContain(
      "  problem       its secret is not in the file store\n" +
        "  next          git credential-bitbucket login --account acme\n",
    );
    expect(exitCode).toBe(1);
  }
});

test("an app password of old", async () => {
  await login(desk.world.site.accessToken({ workspace: "acme" }).secret, "--workspace", "acme");
  await edit((text) => text.replace('"kind": "access-token"', '"kind": "app-password"'));
  const { exitCode, stdout } = await desk.runs(["status"]);
  expect(stdout).toContain("  problem       app passwords stopped working on 28 July 2026\n");
  expect(exitCode).toBe(1);
});

test("BITBUCKET_TOKEN goes before every account", async () => {
  const { site } = desk.world;
  const check = (token: string) => desk.runs(["status", "--check"], "", { BITBUCKET_TOKEN: token });
  const good = await check(site.accessToken({ workspace: "acme" }).secret);
  expect(good.stdout).toContain(
    "BITBUCKET_TOKEN\n  kind          access token\n  for           every repository, before every account\n\n",
  );
  expect(good.exitCode).toBe(0);
  const dead = await check(site.appPassword("alice").secret);
  expect(dead.stdout).toContain(
    "  problem       bitbucket does not accept app passwords any more\n  next          unset BITBUCKET_TOKEN\n",
  );
  expect(dead.exitCode).toBe(1);
  const token = site.accessToken({ workspace: "acme" });
  site.revoke(token);
  const revoked = await check(token.secret);
  expect(revoked.stdout).toContain(
    "  problem       bitbucket rejected the token (401): it is revoked or expired\n",
  );
  expect(revoked.exitCode).toBe(1);
});

test("--json: the same for programs, and nothing of a secret", async () => {
  const { site } = desk.world;
  const { secret } = site.apiToken("alice", { scopes: ["read:repository:bitbucket"] });
  await login(
    secret,
    "--email",
    "alice@example.com",
    "--account",
    "work",
    "--expires",
    "2999-12-31",
  );
  const environment = site.accessToken({ workspace: "acme" }).secret;
  const { exitCode, stdout } = await desk.runs(["status", "--json", "--check"], "", {
    BITBUCKET_TOKEN: environment,
  });
  const [account] = await desk.accounts();
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    locked: false,
    accounts: [
      {
        name: "work",
        kind: "api-token",
        host: "bitbucket.org",
        scope: { level: "host" },
        gitUsername: "x-bitbucket-api-token-auth",
        username: null,
        email: "alice@example.com",
        store: "file",
        state: "approved",
        scopes: ["read:repository:bitbucket"],
        created: account?.created,
        validated: account?.validated,
        checked: account?.checked,
        expires: "2999-12-31T23:59:59.000Z",
        doubtful: false,
        works: true,
        problems: [
          {
            message: "fetch works, push will fail: the token lacks write:repository:bitbucket",
            next: "make a token with that scope and run: git credential-bitbucket login --account work",
            fatal: false,
          },
        ],
        check: "lacks-scope",
      },
    ],
    environment: {
      variable: "BITBUCKET_TOKEN",
      kind: "access-token",
      works: true,
      problems: [],
      check: "valid",
    },
    store: { name: "file", chosen: false, problems: [] },
    reached: true,
  });
  expect(stdout).not.toContain(secret.slice(12, 24));
  expect(stdout).not.toContain(environment.slice(12, 24));
  expect(exitCode).toBe(0);
});

test("the keychain: in use when it answers, a problem of its accounts when it does not", async () => {
  const keyring = await openKeyring(desk.world.env, "unlocked");
  try {
    const bus = { DBUS_SESSION_BUS_ADDRESS: keyring.env["DBUS_SESSION_BUS_ADDRESS"] ?? "" };
    const { secret } = desk.world.site.accessToken({ workspace: "acme" });
    await desk.runs(["login", "--with-token", "--workspace", "acme"], secret, bus);
    const open = await desk.runs(["status", "--check"], "", bus);
    expect(open.stdout).toContain("\n  store         keychain\n");
    expect(open.stdout).toContain("new secrets go to the keychain store, since it answers\n");
    expect(open.exitCode).toBe(0);

    await keyring.lock();
    const locked = await desk.runs(["status"], "", bus);
    expect(locked.stdout).toMatch(/\n {2}problem {7}.*lock.*\n {2}next {10}.+\n/u);
    expect(locked.exitCode).toBe(1);
    await keyring.unlock();
    expect((await desk.runs(["status"], "", bus)).exitCode).toBe(0);

    const alone = await desk.runs(["status"]);
    expect(alone.stdout).toMatch(/\n {2}problem {7}.+\n {2}next {10}.+\n/u);
    expect(alone.stdout).toContain("new secrets go to the file store, since no keychain answers\n");
    expect(alone.exitCode).toBe(1);
    const chosen = { GIT_CREDENTIAL_BITBUCKET_STORE: "keychain", ...bus };
    expect((await desk.runs(["status"], "", chosen)).stdout).toContain(
      "new secrets go to the keychain store, as GIT_CREDENTIAL_BITBUCKET_STORE says\n",
    );

    const out = await desk.runs(["logout", "acme"], "", bus);
    expect(out.exitCode).toBe(0);
    expect((await desk.runs(["status"], "", bus)).stdout).toContain("there are no accounts yet\n");
  } finally {
    await keyring.close();
  }
});

test.each([
  ["unlocked", "new secrets go to the keychain store, as credential.bitbucketStore says\n"],
  ["locked", told("the keychain is locked", "git credential-bitbucket login --store file")],
  ["empty", told("the keychain has no keyring yet", useFile)],
  ["no-service", told("there is no keychain: no Secret Service runs in this session", useFile)],
  ["no-bus", told("there is no keychain: this session has no D-Bus", useFile)],
] as const)("the keychain as the setting's store: %s", async (state, expected) => {
  await login(desk.world.site.accessToken({ workspace: "acme" }).secret, "--workspace", "acme");
  await desk.world.git(["config", "--global", "credential.bitbucketStore", "keychain"]);
  const keyring = await openKeyring(desk.world.env, state);
  try {
    const bus = keyring.env["DBUS_SESSION_BUS_ADDRESS"];
    const env = bus === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: bus };
    const { exitCode, stdout } = await desk.runs(["status"], "", env);
    expect(stdout.split("\n\n").at(-1)).toBe(expected);
    // The account that there is lies in files, and works.
    expect(exitCode).toBe(0);
  } finally {
    await desk.world.git(["config", "--global", "--unset", "credential.bitbucketStore"]);
    await keyring.close();
  }
});

test("colours on a terminal, none with NO_COLOR, on a dumb terminal or in a pipe", async () => {
  await login(desk.world.site.accessToken({ workspace: "acme" }).secret, "--workspace", "acme");
  const status = async (env?: Record<string, string>) => {
    const person = await desk.sits(["status"], env === undefined ? {} : { env });
    return (await desk.leaves(person, [])).raw;
  };
  expect(await status()).toContain("\u001b[1macme\u001b[22m");
  expect(await status({ NO_COLOR: "1" })).not.toContain("\u001b");
  expect(await status({ TERM: "dumb" })).not.toContain("\u001b");
  expect((await desk.runs(["status"])).stdout).not.toContain("\u001b");
});

test("masks what an accounts file could do to the screen", async () => {
  await login(
    desk.world.site.apiToken("alice").secret,
    "--email",
    "alice@example.com",
    "--no-validate",
  );
  await edit((text) => text.replace("alice@example.com", String.raw`a@b\u202e\u001b[2J`));
  const { stdout, stderr } = await desk.runs(["status"]);
  for (const character of ["\u001b", "\u202e"]) expect(stdout + stderr).not.toContain(character);
});

test("where bitbucket is not reached, it says once what that means, until it is", async () => {
  const { site } = desk.world;
  const off = /^checks are off.*\nnext: git credential-bitbucket doctor$/gmu;
  const unreachable = { HTTPS_PROXY: "http://127.0.0.1:9" };
  await login(site.apiToken("alice").secret, "--email", "alice@example.com");
  await login(site.accessToken({ workspace: "acme" }).secret, "--workspace", "acme");
  expect((await desk.runs(["status"])).stdout).not.toMatch(off);
  const asked = await desk.world.helper(["status", "--check"], { env: unreachable });
  expect(asked.stdout.match(off)).toHaveLength(1);
  expect(asked).toMatchObject({ exitCode: 0 });
  expect((await desk.runs(["status"])).stdout.match(off)).toHaveLength(1);
  expect(JSON.parse((await desk.runs(["status", "--json"])).stdout)).toMatchObject({
    reached: false,
  });
  await desk.runs(["status", "--check"]);
  expect((await desk.runs(["status"])).stdout).not.toMatch(off);
});

test("an account that could not be checked hints at doctor, and not at the same check", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const { world } = desk;
  await world.helper(["login", "--with-token", "--workspace", "acme"], {
    input: secret,
    env: { HTTPS_PROXY: "http://127.0.0.1:9" },
  });
  const { stdout } = await desk.runs(["status"]);
  expect(stdout).toContain("is not checked yet");
  expect(stdout).not.toContain("status --check");
  expect(stdout.match(/git credential-bitbucket doctor/gu)).toHaveLength(2);
});
