// Files and keyrings of other helpers: which are looked into, what is read of them, what is told of those that cannot be.
import { chmod, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openHousehold } from "./household.ts";
import {
  git,
  keyringSecrets,
  put,
  putGitSecret,
  putManagerSecret,
  putRepository,
  putSecret,
} from "./lying-around.ts";

const household = openHousehold();
const nothing = "no login for bitbucket lies outside of the accounts\n";
const inHome = (path: string): string => join(household.world.home, path);
const deadLine = (): string =>
  `https://alice:${household.world.site.appPassword("alice").secret}@bitbucket.org\n`;

async function migrate(env: Record<string, string> = {}): Promise<string> {
  const { world, keyring, repository } = household;
  await putRepository(world, repository, {});
  const options = { cwd: repository, env: { ...keyring.env, ...env } };
  const { stdout, stderr } = await world.helper(["migrate", "--yes"], options);
  expect(stderr).toBe("");
  return stdout;
}

describe("git's helper store", () => {
  test.each([
    "store --file HOME/named",
    "store --file=HOME/named",
    "store --other --file 'HOME/named'",
    'store --file="HOME/named"',
    "store --file ~/named",
    "/usr/lib/git-core/git-credential-store --file HOME/named",
    "!git credential-store --file HOME/named",
  ])("its file as %s", async (command) => {
    const { world } = household;
    const file = await put(inHome("named"), deadLine());
    await git(world, [
      "config",
      "--global",
      "--add",
      "credential.helper",
      command.replace("HOME", world.home),
    ]);
    expect(await migrate()).toContain("~/named: line 1 is gone; backup: ~/named.before-migrate\n");
    expect(await readFile(file, "utf8")).toBe("");
  });

  test.each([
    "store --file $HOME/named",
    "store --file relative",
    "cache --file /x",
    "!f() { :; }; f",
  ])("no file as %s", async (command) => {
    await git(household.world, ["config", "--global", "--add", "credential.helper", command]);
    expect(await migrate()).toBe(nothing);
  });

  test("one file under two names is looked into once", async () => {
    await put(inHome("dotfiles/credentials"), deadLine());
    await symlink("dotfiles/credentials", inHome(".git-credentials"));
    const command = `store --file ${inHome("dotfiles/credentials")}`;
    await git(household.world, ["config", "--global", "--add", "credential.helper", command]);
    const stdout = await migrate();
    expect(stdout).toMatch(/^logins for bitbucket in 1 place:\n/u);
    expect(stdout).toContain("backup: ~/.git-credentials.before-migrate\n");
    expect(await readFile(inHome("dotfiles/credentials"), "utf8")).toBe("");
  });

  test("lines that are no URLs, and those of other hosts, survive byte for byte", async () => {
    const others = [
      "# a comment\r\n",
      "\n",
      "nonsense\n",
      "https://a:b@github.com\n",
      "https://alice@bitbucket.org\n",
      "ssh://a:b@bitbucket.org\n",
      "https://a:\u00ff@example.com",
    ];
    const text = Buffer.from(
      [...others.slice(0, 4), deadLine(), ...others.slice(4)].join(""),
      "latin1",
    );
    await put(inHome(".git-credentials"), text);
    await migrate();
    const left = await readFile(inHome(".git-credentials"));
    expect(left).toEqual(Buffer.from(others.join(""), "latin1"));
  });

  test("a line that ends with CRLF", async () => {
    const others = "https://a:b@github.com\r\n";
    const file = await put(
      inHome(".git-credentials"),
      `${others}${deadLine().trimEnd()}\r\n${others}`,
    );
    expect(await migrate()).toContain("~/.git-credentials: line 2 is gone");
    expect(await readFile(file, "latin1")).toBe(others + others);
  });
});

describe("netrc", () => {
  test("as _netrc, and an entry for every machine that can only be Bitbucket's", async () => {
    const { secret } = household.world.site.appPassword("alice");
    await put(inHome("_netrc"), `default login alice password ${secret}\n`);
    expect(await migrate()).toContain("~/_netrc: line 1 is gone");
    expect(await readFile(inHome("_netrc"), "utf8")).toBe("");
  });

  test("an entry for every machine with any other password is nobody's business", async () => {
    await put(inHome(".netrc"), "default login anonymous password me@example.com\n");
    expect(await migrate()).toBe(nothing);
  });

  test("leaves what may be another host's, asks bitbucket nothing about it, and says so", async () => {
    const { world } = household;
    const text =
      "machine bitbucket.org login me password\nmachine github.com login me password s3cret\n";
    await put(inHome(".netrc"), text);
    world.forgetLog();
    expect(await migrate()).toBe(
      `${nothing}note: ~/.netrc, line 1, is unclear: it is left, look at it yourself\n`,
    );
    expect(await readFile(inHome(".netrc"), "utf8")).toBe(text);
    expect(world.log()).toEqual([]);
  });

  test("takes an entry in capitals, and none of the next one", async () => {
    const { secret } = household.world.site.appPassword("alice");
    const next = "MACHINE github.com LOGIN me PASSWORD s3cret\n";
    await put(inHome(".netrc"), `MACHINE bitbucket.org LOGIN alice PASSWORD ${secret}\n${next}`);
    expect(await migrate()).toContain("~/.netrc: line 1 is gone");
    expect(await readFile(inHome(".netrc"), "utf8")).toBe(next);
  });

  test("names an entry for the REST host", async () => {
    await put(inHome(".netrc"), "machine api.bitbucket.org login me password s3cret\n");
    expect(await migrate()).toContain(
      "note: ~/.netrc, line 1, is for api.bitbucket.org, which git never asks: it is left",
    );
  });

  test("is where git takes a dead password from, before it asks any helper", async () => {
    const { world } = household;
    const { secret } = world.site.appPassword("alice");
    await put(inHome(".netrc"), `machine bitbucket.org login alice password ${secret}\n`);
    const list = () => world.git(["ls-remote", "https://bitbucket.org/acme/api.git"]);
    expect((await list()).stderr).toContain("410");
    expect(await migrate()).toContain("next: git credential-bitbucket login\n");
    const token = world.site.apiToken("alice").secret;
    await world.helper(["login", "--with-token", "--email", "alice@example.com"], { input: token });
    expect((await list()).exitCode).toBe(0);
  });
});

describe("Git Credential Manager", () => {
  test("its plain-text files of any namespace, wherever they are configured to be", async () => {
    const { world } = household;
    const { secret } = world.site.appPassword("alice");
    const text = `${secret}\nservice=https://bitbucket.org\naccount=alice\n`;
    await put(inHome("gcm/mine/https/bitbucket.org/alice.credential"), text);
    await put(
      inHome("gcm/mine/https/github.com/alice.credential"),
      text.replace("bitbucket.org", "github.com"),
    );
    await put(
      inHome("gcm/mine/https/bitbucket.org/refresh_token/alice.credential"),
      `r\nservice=https://bitbucket.org/refresh_token\naccount=alice\n`,
    );
    await git(world, ["config", "--global", "credential.plaintextStorePath", inHome("gcm")]);
    const stdout = await migrate();
    expect(stdout).toMatch(/^logins for bitbucket in 1 place:\n/u);
    expect(stdout).toContain("~/gcm/mine/https/bitbucket.org/alice.credential: deleted;");
    expect(await readFile(inHome("gcm/mine/https/github.com/alice.credential"), "utf8")).not.toBe(
      "",
    );
  });

  test("its keyring entries with a namespace, and for one repository", async () => {
    const { world, keyring } = household;
    const { secret } = world.site.accessToken({ workspace: "acme", repository: "api" });
    await putManagerSecret(world, keyring.env, secret, "work:https://bitbucket.org/acme/api.git");
    expect(await migrate()).toContain(
      "keyring: 'work:https://bitbucket.org/acme/api.git' is gone\n",
    );
    expect(await household.accounts()).toMatchObject([
      { scope: { level: "repository", workspace: "acme", repository: "api" } },
    ]);
  });
});

describe("the keyring", () => {
  test("what git's helper stored before git 2.41, but not other programs' network passwords", async () => {
    const { world, keyring } = household;
    const { secret } = world.site.appPassword("alice");
    const schema = "org.gnome.keyring.NetworkPassword";
    await putGitSecret(world, keyring.env, secret, { schema });
    await putSecret(world, keyring.env, "Browser: bitbucket.org", secret, {
      protocol: "https",
      server: "bitbucket.org",
      user: "other",
      "xdg:schema": schema,
    });
    expect(await migrate()).toContain("keyring: 'Git: https://bitbucket.org/' is gone\n");
    expect(await keyringSecrets(keyring.env)).toEqual([`Browser: bitbucket.org: ${secret}`]);
  });

  test("a locked one is told of and not opened", async () => {
    const { world, keyring } = household;
    await putGitSecret(world, keyring.env, world.site.appPassword("alice").secret);
    await keyring.lock();
    expect(await migrate()).toBe(
      `${nothing}note: 1 of the logins for bitbucket lie in a locked keyring; unlock it and look again\n`,
    );
  });

  test("one that does not answer is told of", async () => {
    household.keyring.stall();
    const stdout = await migrate();
    household.keyring.resume();
    expect(stdout).toBe(
      `${nothing}note: the keyring was not searched: the keychain did not answer within 3 s\n`,
    );
  });

  test("none is no matter", async () => {
    await household.keyring.endService();
    expect(await migrate()).toBe(nothing);
  });
});

test("variables of CI are told by their names, never their values", async () => {
  const { secret } = household.world.site.appPassword("alice");
  const stdout = await migrate({
    BITBUCKET_APP_PASSWORD: secret,
    MY_GIT_PASSWORD: secret,
    BB_AUTH_TOKEN: "something",
    BITBUCKET_WORKSPACE: "acme",
  });
  expect(stdout).toBe(
    `${nothing}BB_AUTH_TOKEN is set in the environment: git gets a token from BITBUCKET_TOKEN only
BITBUCKET_APP_PASSWORD is set in the environment and holds an app password, which bitbucket takes no more: put a token into BITBUCKET_TOKEN
MY_GIT_PASSWORD is set in the environment and holds an app password, which bitbucket takes no more: put a token into BITBUCKET_TOKEN
`,
  );
});

test("a file that cannot be read is told of", async () => {
  await put(inHome(".netrc/folder"), "");
  expect(await migrate()).toBe(`${nothing}note: ~/.netrc cannot be read (not a regular file)\n`);
  await chmod(inHome(".netrc"), 0o700);
});

test("secrets in shell helpers, aliases, usernames and headers are told of, and left", async () => {
  const { world } = household;
  const { secret } = world.site.appPassword("alice");
  const config = inHome(".gitconfig");
  const header = "Authorization: Basic YWxpY2U6c2VjcmV0";
  for (const [key, value] of Object.entries({
    "credential.https://bitbucket.org.helper": `!f() { echo username=alice; echo password=${secret}; }; f`,
    "credential.https://bitbucket.org.username": secret,
    "alias.up": `!git push https://alice:${secret}@bitbucket.org/acme/api.git`,
    "alias.down": "!git pull https://alice:hunter2@bitbucket.org/acme/api.git",
    "alias.other": "!git pull https://alice:hunter2@github.com/acme/api.git",
    "http.https://bitbucket.org/.extraHeader": header,
    "http.https://github.com/.extraHeader": header,
  }))
    await git(world, ["config", "--global", "--add", key, value]);
  const before = await readFile(config, "utf8");
  const tail = `has a secret in it that only you can take out: git config --file ${config} --edit`;
  expect(await migrate()).toBe(
    `${nothing}note: ~/.gitconfig, credential.https://bitbucket.org.helper ${tail}
note: ~/.gitconfig, credential.https://bitbucket.org.username ${tail}
note: ~/.gitconfig, alias.up ${tail}
note: ~/.gitconfig, alias.down ${tail}
note: ~/.gitconfig, http.https://bitbucket.org/.extraheader ${tail}
`,
  );
  expect(await readFile(config, "utf8")).toBe(before);
});
