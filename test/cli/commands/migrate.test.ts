// migrate, from the outside: what a person has lying around, what is shown, and what is left afterwards.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openHousehold } from "../../flows/migrate/household.ts";
import {
  filesWith,
  git,
  keyringSecrets,
  put,
  putGitSecret,
  putManagerSecret,
  putRepository,
  putSecret,
  snapshot,
} from "../../flows/migrate/lying-around.ts";

const household = openHousehold();
const migrate = (args: readonly string[]) => household.migrate(args);
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

/** One dead secret and one that lives, each in many places, among others' things. */
async function putEverything(): Promise<{ dead: string; alive: string }> {
  const { world, keyring, repository } = household;
  const { secret: dead } = world.site.appPassword("alice");
  const { secret: alive } = world.site.apiToken("alice");
  await putRepository(world, repository, {
    "remote.origin.url": `https://alice:${dead}@bitbucket.org/acme/api.git`,
    "remote.origin.pushurl": `https://alice:${alive}@bitbucket.org/acme/api.git`,
    "remote.github.url": "https://ada:ghp@github.com/acme/api.git",
    "submodule.web.url": `https://x-bitbucket-api-token-auth:${alive}@bitbucket.org/acme/web.git`,
  });
  await put(
    join(repository, ".gitmodules"),
    `# ours\n[submodule "web"]\n\tpath = web\n\turl = https://alice:${dead}@bitbucket.org/acme/web.git # pinned\n`,
    0o644,
  );
  await git(world, [
    "config",
    "--global",
    `url.https://alice:${dead}@bitbucket.org/.insteadOf`,
    "bb:",
  ]);
  await put(
    join(world.home, ".git-credentials"),
    `https://ada:gh%20p@github.com\nhttps://alice:${dead}@bitbucket.org\n\nhttps://alice%40example.com:${alive}@bitbucket.org\nhttps://ada:x@evilbitbucket.org\n`,
  );
  await put(
    join(world.home, ".config/git/credentials"),
    `https://alice:${alive}@bitbucket.org/acme/web.git\n`,
  );
  await put(
    join(world.home, ".netrc"),
    `# mine\nmachine github.com login ada password x\nmachine bitbucket.org\n  login alice\n  password ${dead}\nmachine api.bitbucket.org login a@example.com password y\nmacdef hello\nls\n\n`,
    0o640,
  );
  await put(
    join(world.home, ".gcm/store/git/https/bitbucket.org/alice.credential"),
    `${dead}\nservice=https://bitbucket.org\naccount=alice\n`,
  );
  await putGitSecret(world, keyring.env, `${dead}\npassword_expiry_utc=4000000000`);
  await putGitSecret(world, keyring.env, "other", { server: "github.com" });
  await putManagerSecret(world, keyring.env, alive);
  await putManagerSecret(world, keyring.env, "gh", "git:https://github.com");
  await putSecret(world, keyring.env, "Somebody's", "theirs", {
    protocol: "https",
    server: "bitbucket.org",
    "xdg:schema": "org.example.Other",
  });
  return { dead, alive };
}

const others = [
  "Git: https://github.com/: other",
  "Somebody's: theirs",
  "git:https://github.com: gh",
];
const read = (path: string): Promise<string> => readFile(join(household.world.home, path), "utf8");

const left = (line: number): string =>
  `note: ~/.netrc, line ${line}, is for api.bitbucket.org, which git never asks: it is left, look at it yourself\n`;

const table = `logins for bitbucket in 12 places:

where                                                  what                    state                    then
~/.git-credentials, line 2                             app password (alice)    dead since 28 July 2026  deleted
~/.git-credentials, line 4                             user API token (alice)  alive                    becomes account 'alice'
~/.config/git/credentials, line 1                      user API token (alice)  alive                    becomes account 'alice'
~/.netrc, line 3                                       app password (alice)    dead since 28 July 2026  deleted
keyring, 'Git: https://bitbucket.org/'                 app password (alice)    dead since 28 July 2026  deleted
~/.gcm/store/git/https/bitbucket.org/alice.credential  app password (alice)    dead since 28 July 2026  deleted
keyring, 'git:https://bitbucket.org'                   user API token (alice)  alive                    becomes account 'alice'
~/.gitconfig, [url "https://bitbucket.org/"]           app password (alice)    dead since 28 July 2026  taken out
.git/config, remote.origin.url                         app password (alice)    dead since 28 July 2026  taken out
.git/config, remote.origin.pushurl                     user API token (alice)  alive                    becomes account 'alice'
.git/config, submodule.web.url                         user API token (alice)  alive                    becomes account 'alice'
.gitmodules, submodule.web.url                         app password (alice)    dead since 28 July 2026  taken out

${left(6)}`;

describe("with everything at once", () => {
  test("a dry run shows it and changes nothing: no byte, mode or time, nothing in the keyring", async () => {
    const { world, keyring } = household;
    await putEverything();
    const before = await snapshot(world.home, world.work);
    const secrets = await keyringSecrets(keyring.env);
    const { stdout, stderr, exitCode } = await migrate(["--dry-run", "--yes"]);
    expect(stdout).toBe(`${table}nothing is changed: this was a dry run\n`);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(await snapshot(world.home, world.work)).toEqual(before);
    expect(await keyringSecrets(keyring.env)).toEqual(secrets);
  });

  test("without a terminal and without --yes it says that nothing is changed", async () => {
    const { world, keyring } = household;
    await putEverything();
    const before = await snapshot(world.home, world.work);
    const secrets = await keyringSecrets(keyring.env);
    const { stdout, stderr, exitCode } = await migrate([]);
    expect(stdout).toBe(table);
    expect(stderr).toBe(
      "git-credential-bitbucket: error: nothing is changed: there is no terminal to ask\n" +
        "git-credential-bitbucket: hint: git credential-bitbucket migrate --yes\n",
    );
    expect(exitCode).toBe(1);
    expect(await snapshot(world.home, world.work)).toEqual(before);
    expect(await keyringSecrets(keyring.env)).toEqual(secrets);
  });

  test("--yes moves what lives, deletes what is dead, and leaves everybody else's as it is", async () => {
    const { world, keyring, repository } = household;
    const { dead, alive } = await putEverything();
    const { stdout, stderr, exitCode } = await migrate(["--yes"]);
    expect(stdout.slice(table.length)).toBe(
      `stored as account 'alice' in the file store: user API token, every repository
~/.git-credentials: line 2 is gone, line 4 is gone; backup: ~/.git-credentials.before-migrate
~/.config/git/credentials: line 1 is gone; backup: ~/.config/git/credentials.before-migrate
~/.netrc: line 3 is gone; backup: ~/.netrc.before-migrate
keyring: 'Git: https://bitbucket.org/' is gone
~/.gcm/store/git/https/bitbucket.org/alice.credential: deleted; backup: ~/.gcm/store/git/https/bitbucket.org/alice.credential.before-migrate
keyring: 'git:https://bitbucket.org' is gone
~/.gitconfig: [url "https://bitbucket.org/"] is now https://bitbucket.org/; backup: ~/.gitconfig.before-migrate
.git/config: remote.origin.url is now https://bitbucket.org/acme/api.git, remote.origin.pushurl is now https://bitbucket.org/acme/api.git, submodule.web.url is now https://bitbucket.org/acme/web.git; backup: .git/config.before-migrate
.gitmodules: submodule.web.url is now https://bitbucket.org/acme/web.git; backup: .git/gitmodules.before-migrate
the backups hold the old secrets in plain text; when everything works, delete them:
  rm ~/.git-credentials.before-migrate ~/.config/git/credentials.before-migrate ~/.netrc.before-migrate ~/.gcm/store/git/https/bitbucket.org/alice.credential.before-migrate ~/.gitconfig.before-migrate ${repository}/.git/config.before-migrate ${repository}/.git/gitmodules.before-migrate
`,
    );
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(await household.accounts()).toMatchObject([
      { name: "alice", kind: "api-token", state: "approved", email: "alice@example.com" },
    ]);
    expect(await read(".git-credentials")).toBe(
      "https://ada:gh%20p@github.com\n\nhttps://ada:x@evilbitbucket.org\n",
    );
    expect(await read(".config/git/credentials")).toBe("");
    expect(await read(".netrc")).toBe(
      "# mine\nmachine github.com login ada password x\nmachine api.bitbucket.org login a@example.com password y\nmacdef hello\nls\n\n",
    );
    expect(await readFile(join(repository, ".gitmodules"), "utf8")).toBe(
      '# ours\n[submodule "web"]\n\tpath = web\n\turl = https://bitbucket.org/acme/web.git # pinned\n',
    );
    expect(await git(world, ["-C", repository, "config", "--get-regexp", "url$"])).toBe(
      `remote.origin.url https://bitbucket.org/acme/api.git
remote.origin.pushurl https://bitbucket.org/acme/api.git
remote.github.url https://ada:ghp@github.com/acme/api.git
submodule.web.url https://bitbucket.org/acme/web.git
`,
    );
    expect(await keyringSecrets(keyring.env)).toEqual(others);
    const withSecrets = await filesWith([dead, alive], world.home, world.work);
    expect(withSecrets.filter((path) => !path.endsWith(".before-migrate"))).toEqual([]);
    world.forgetLog();
    const pull = await world.git(["ls-remote", "origin"], { cwd: repository });
    expect(pull.exitCode).toBe(0);
    expect(world.gitLog().at(-1)?.kind).toBe("api-token");
  });

  test("modes stay, and backups are for their owner only and hold what was there", async () => {
    const { world, repository } = household;
    await putEverything();
    const before = await read(".netrc");
    await migrate(["--yes"]);
    expect(await modeOf(join(world.home, ".netrc"))).toBe(0o640);
    expect(await modeOf(join(repository, ".gitmodules"))).toBe(0o644);
    expect(await modeOf(join(world.home, ".netrc.before-migrate"))).toBe(0o600);
    expect(await modeOf(join(repository, ".git/gitmodules.before-migrate"))).toBe(0o600);
    expect(await read(".netrc.before-migrate")).toBe(before);
    const status = await git(world, ["-C", repository, "status", "--short"]);
    expect(status).toBe("?? .gitmodules\n");
  });

  test("a second run finds nothing, and no backup counts", async () => {
    const { world, keyring } = household;
    await putEverything();
    await migrate(["--yes"]);
    const before = await snapshot(world.home, world.work);
    const { stdout, stderr, exitCode } = await migrate(["--yes", "--in", ".."]);
    expect(stdout).toBe(`no login for bitbucket lies outside of the accounts\n${left(3)}`);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(await snapshot(world.home, world.work)).toEqual(before);
    expect(await keyringSecrets(keyring.env)).toEqual(others);
  });
});
