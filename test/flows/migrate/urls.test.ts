// URLs in git's configuration: which files are found, what they are rewritten to, and that nothing else in them changes.
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gitHas } from "../../support/git-features.ts";
import { seedAccount } from "../../support/seed.ts";
import { openHousehold } from "./household.ts";
import { git, put, putRepository } from "./lying-around.ts";

const household = openHousehold();
const inWork = (...path: string[]): string => join(household.world.work, ...path);
const urlOf = async (repository: string, key = "remote.origin.url"): Promise<string> =>
  (
    await git(household.world, ["config", "--file", join(repository, "config"), "--get-all", key])
  ).trimEnd();

/** @returns a URL with a new app password. */
function deadUrl(path = "acme/api.git", user = "alice"): string {
  return `https://${user}:${household.world.site.appPassword("alice").secret}@bitbucket.org/${path}`;
}

describe("below a folder", () => {
  test("repositories, bare ones, work trees and submodules are found, symbolic links not followed", async () => {
    const { world } = household;
    await mkdir(household.repository);
    const plain = await putRepository(world, inWork("src/deep/er/plain"), {
      "remote.origin.url": deadUrl(),
    });
    const bare = await putRepository(
      world,
      inWork("src/bare.git"),
      { "remote.origin.url": deadUrl() },
      "--bare",
    );
    const inside = await putRepository(world, join(plain, "vendor/inside"), {
      "remote.origin.url": deadUrl(),
    });
    await git(world, ["-C", plain, "commit", "--quiet", "--allow-empty", "--message=First"]);
    await git(world, ["-C", plain, "worktree", "add", inWork("src/tree")]);
    const module = await putRepository(
      world,
      join(plain, ".git/modules/lib/one"),
      { "remote.origin.url": deadUrl() },
      "--bare",
    );
    await put(
      join(plain, ".gitmodules"),
      `[submodule "lib/one"]\n\turl = ${deadUrl("acme/lib.git")}\n`,
    );
    await put(join(plain, ".lfsconfig"), `[lfs]\n\turl = ${deadUrl("acme/api.git/info/lfs")}\n`);
    const away = await putRepository(world, inWork("away"), { "remote.origin.url": deadUrl() });
    await symlink(away, inWork("src/link"));
    await symlink("..", inWork("src/circle"));

    const { stdout, exitCode } = await household.migrate(["--yes", "--in", "../src"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^logins for bitbucket in 6 places:\n/u);
    for (const directory of [join(plain, ".git"), bare, join(inside, ".git"), module])
      expect(await urlOf(directory)).toBe("https://bitbucket.org/acme/api.git");
    expect(await readFile(join(plain, ".gitmodules"), "utf8")).toBe(
      '[submodule "lib/one"]\n\turl = https://bitbucket.org/acme/lib.git\n',
    );
    expect(await readFile(join(plain, ".lfsconfig"), "utf8")).toBe(
      "[lfs]\n\turl = https://bitbucket.org/acme/api.git/info/lfs\n",
    );
    expect(await urlOf(join(away, ".git"))).toContain("ATBB");
    // No backup where it could be committed.
    expect(await git(world, ["-C", plain, "status", "--short", "--", ":!vendor"])).toBe(
      "?? .gitmodules\n?? .lfsconfig\n",
    );
  });

  test("one that is no repository, or broken, keeps nobody from the others", async () => {
    const { world } = household;
    await mkdir(household.repository);
    const good = await putRepository(world, inWork("src/good"), { "remote.origin.url": deadUrl() });
    const broken = await putRepository(world, inWork("src/broken"), {});
    await writeFile(join(broken, ".git/config"), "[remote\n");
    await put(inWork("src/odd/.git"), "gitdir: /nowhere\n");
    await put(inWork("src/odder/.git"), "nonsense");
    const { stdout, exitCode } = await household.migrate(["--yes", "--in", inWork("src")]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`note: git cannot read the configuration of ${broken}/.git\n`);
    expect(await urlOf(join(good, ".git"))).toBe("https://bitbucket.org/acme/api.git");
  });

  test("one whose configuration is locked is told, and the others are done", async () => {
    const { world } = household;
    await mkdir(household.repository);
    const [one = "", two = ""] = await Promise.all(
      ["one", "two"].map((name) =>
        putRepository(world, inWork("src", name), { "remote.origin.url": deadUrl() }),
      ),
    );
    await writeFile(join(one, ".git/config.lock"), "");
    const { stderr, exitCode } = await household.migrate(["--yes", "--in", inWork("src")]);
    expect(stderr).toBe(
      `git-credential-bitbucket: error: another program is changing ${one}/.git/config; if no git runs, its lock was left behind\n` +
        `git-credential-bitbucket: hint: rm ${one}/.git/config.lock\n`,
    );
    expect(exitCode).toBe(1);
    expect(await urlOf(join(one, ".git"))).toContain("ATBB");
    expect(await urlOf(join(two, ".git"))).toBe("https://bitbucket.org/acme/api.git");
  });

  test("a folder that is not there is wrong usage", async () => {
    await mkdir(household.repository);
    const { stdout, stderr, exitCode } = await household.migrate([
      "--dry-run",
      "--in",
      "../missing",
    ]);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toBe(
      "git-credential-bitbucket: error: --in wants a folder that can be read\n" +
        "git-credential-bitbucket: hint: git credential-bitbucket help migrate\n",
    );
  });
});

test.runIf(gitHas.bareOnlyByName)(
  "from a folder inside of the repository, and from a bare one that is named",
  async () => {
    const { world, repository } = household;
    await putRepository(world, repository, { "remote.origin.url": deadUrl() });
    await mkdir(join(repository, "deep"));
    const bare = await putRepository(
      world,
      inWork("bare.git"),
      { "remote.origin.url": deadUrl() },
      "--bare",
    );
    await world.helper(["migrate", "--yes"], { cwd: join(repository, "deep") });
    const entered = await world.helper(["migrate", "--yes"], { cwd: bare });
    expect(entered.stdout).toContain("when it is named: git credential-bitbucket migrate --in .\n");
    // One that was only entered may have come with somebody's files: it counts when it is named.
    expect(await urlOf(bare)).not.toBe("https://bitbucket.org/acme/api.git");
    await world.helper(["migrate", "--yes", "--in", "."], { cwd: bare });
    expect(await urlOf(join(repository, ".git"))).toBe("https://bitbucket.org/acme/api.git");
    expect(await urlOf(bare)).toBe("https://bitbucket.org/acme/api.git");
  },
);

test("comments, quotes, order, other URLs and files that are included stay as they are", async () => {
  const { world, repository } = household;
  await putRepository(world, repository, {});
  const url = deadUrl();
  const other = deadUrl("acme/web.git");
  const config = join(repository, ".git/config");
  const text = (one: string, two: string, base: string): string => `# ${one}
[remote "origin"] ; mine
\turl = "${one}" # here
   url=${one};too
\turl = ${url}2
\turl = https://ada:x@github.com/${url}
\tpushurl = ${two}
\tfetch = +refs/heads/*:refs/remotes/origin/*
[url "${base}"]
\tinsteadOf = bb:
\tpushInsteadOf = ${two}
[include]
\tpath = more
[alias]
\tx = "!echo \\"a\\"; \\
echo b"`;
  const base = `https://x-token-auth:${household.world.site.appPassword("alice").secret}@bitbucket.org/`;
  await writeFile(config, text(url, other, base));
  await writeFile(join(repository, ".git/more"), `[remote "more"]\n\turl = ${url}\n`);
  const { exitCode, stderr } = await household.migrate(["--yes"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const plain = "https://bitbucket.org/acme/api.git";
  expect(await readFile(config, "utf8")).toBe(
    text(plain, "https://bitbucket.org/acme/web.git", "https://bitbucket.org/")
      // One that only begins alike is another, and becomes another.
      .replace(`${url}2`, `${plain}2`),
  );
  expect(await readFile(join(repository, ".git/more"), "utf8")).toBe(
    `[remote "more"]\n\turl = ${plain}\n`,
  );
});

test("a URL written in a way that only git understands is left, with the command to change it", async () => {
  const { world, repository } = household;
  await putRepository(world, repository, {});
  const url = deadUrl();
  const config = join(repository, ".git/config");
  await writeFile(config, `[remote "origin"]\n\turl = ${url.slice(0, 30)}\\\n${url.slice(30)}\n`);
  const before = await readFile(config, "utf8");
  const { stderr, exitCode } = await household.migrate(["--yes"]);
  expect(stderr).toBe(
    `git-credential-bitbucket: error: the URLs in ${config} are written in a way that only a person can change\n` +
      `git-credential-bitbucket: hint: git config --file ${config} --edit\n`,
  );
  expect(exitCode).toBe(1);
  expect(await readFile(config, "utf8")).toBe(before);
});

describe("the username", () => {
  test("goes with the secret, unless the account could not be told from another without it", async () => {
    const { world, repository } = household;
    const alice = world.site.apiToken("alice").secret;
    const bob = world.site.apiToken("bob").secret;
    await putRepository(world, repository, {
      "remote.one.url": `https://alice%40example.com:${alice}@bitbucket.org/acme/api.git`,
      "remote.two.url": `https://bob%40example.com:${bob}@bitbucket.org/acme/api.git`,
      "remote.three.url": `https://alice%40example.com:${alice}@bitbucket.org/globex/lib.git`,
    });
    // The person's own file has them, too, so that each may become an account beside the other.
    const lines = [`alice%40example.com:${alice}`, `bob%40example.com:${bob}`];
    await put(
      join(world.home, ".git-credentials"),
      lines.map((line) => `https://${line}@bitbucket.org\n`).join(""),
    );
    await household.migrate(["--yes"]);
    expect(await household.accounts()).toMatchObject([
      { name: "alice", scope: { level: "host" } },
      { name: "acme", username: "bob", scope: { level: "workspace" } },
    ]);
    const directory = join(repository, ".git");
    expect(await urlOf(directory, "remote.one.url")).toBe(
      "https://alice%40example.com@bitbucket.org/acme/api.git",
    );
    expect(await urlOf(directory, "remote.two.url")).toBe("https://bitbucket.org/acme/api.git");
    expect(await urlOf(directory, "remote.three.url")).toBe("https://bitbucket.org/globex/lib.git");
    for (const [remote, owner] of [
      ["one", alice],
      ["two", bob],
    ] as const) {
      const listed = await world.git(["ls-remote", remote], { cwd: repository });
      expect(listed.exitCode).toBe(0);
      expect(world.site.findToken(owner)?.name).toBe(world.gitLog().at(-1)?.token);
    }
  });

  test("that keeps the only account from answering is taken out; one that fits stays", async () => {
    const { world, repository } = household;
    const { secret } = world.site.apiToken("alice");
    await seedAccount(world, secret, { kind: "api-token", username: "alice" });
    await putRepository(world, repository, {
      "remote.dead.url": "https://former@bitbucket.org/acme/api.git",
      "remote.mine.url": "https://alice@bitbucket.org/acme/api.git",
      "remote.email.url": "https://github.com/acme/api.git",
    });
    const { stdout } = await household.migrate(["--yes"]);
    expect(stdout).toContain(
      ".git/config, remote.dead.url  username former  no account answers to it  taken out\n",
    );
    const directory = join(repository, ".git");
    expect(await urlOf(directory, "remote.dead.url")).toBe("https://bitbucket.org/acme/api.git");
    expect(await urlOf(directory, "remote.mine.url")).toBe(
      "https://alice@bitbucket.org/acme/api.git",
    );
    const again = await household.migrate(["--yes"]);
    expect(again.stdout).toBe("no login for bitbucket lies outside of the accounts\n");
  });

  test("is left alone while there is no account", async () => {
    const { world, repository } = household;
    await putRepository(world, repository, {
      "remote.origin.url": "https://alice@bitbucket.org/acme/api.git",
    });
    const { stdout } = await household.migrate(["--yes"]);
    expect(stdout).toBe("no login for bitbucket lies outside of the accounts\n");
  });
});
