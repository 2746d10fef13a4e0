// `daemon lock` is a state on disk: whatever the environment, the daemon and the way git or a person takes to this
// program, nothing of a secret comes out until `unlock`. Attacks from outside, with real git and the real names.
import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { settingRows } from "../../src/settings/setting-rows.ts";
import { openStory, type Story } from "../real-git/story.ts";
import type { Token } from "../simulator/records.ts";
import { daemonMode, daemonStatus } from "../support/daemon-mode.ts";
import { installFront } from "../support/front.ts";
import { programScript } from "../support/project.ts";
import type { RunOptions, RunResult } from "../support/sandbox.ts";

const url = "https://bitbucket.org/acme/api.git";
const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";
const unlock = "git credential-bitbucket daemon unlock";
const lockedText =
  "git-credential-bitbucket: error: secrets are locked\n" +
  `git-credential-bitbucket: hint: ${unlock}\n`;
const refused = { stdout: "", stderr: lockedText, exitCode: 1 };
const note = `secrets are locked: git gets none of them\nnext: ${unlock}\n`;

interface Locked {
  readonly story: Story;
  readonly token: Token;
  readonly data: string;
}

/** Logged in, and fetched twice: with a daemon, the second time from its memory. */
async function openUnlocked(): Promise<Locked> {
  const story = await openStory();
  const token = story.site.accessToken({ workspace: "acme" });
  await story.login(token, ["--workspace=acme"]);
  await story.succeed(["ls-remote", "--quiet", url]);
  await story.succeed(["ls-remote", "--quiet", url]);
  story.forgetLog();
  return { story, token, data: join(story.home, ".local/share/git-credential-bitbucket") };
}

async function openLocked(): Promise<Locked> {
  const opened = await openUnlocked();
  const { stdout, exitCode } = await opened.story.helper(["daemon", "lock"]);
  expect(stdout).toBe(`locked: secrets are forgotten, and none is given out until: ${unlock}\n`);
  expect(exitCode).toBe(0);
  return opened;
}

const get = (story: Story, options: RunOptions = {}) =>
  story.helper(["get"], { input: request, ...options });

/** Git may go on by itself, but not with a secret of ours. */
function expectNothingOut({ story, token }: Locked, ...results: readonly RunResult[]): void {
  for (const { stdout, stderr } of results) expect(stdout + stderr).not.toContain(token.secret);
  expect(story.log().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
}

async function expectUnlocks({ story }: Locked): Promise<void> {
  expect((await story.helper(["daemon", "unlock"])).stdout).toBe("unlocked\n");
  await story.succeed(["ls-remote", "--quiet", url]);
}

describe("nothing leads past the lock:", () => {
  // An empty one has no meaning for some, and is refused for that.
  const settings = settingRows.flatMap(({ env }) => [{ [env]: "" }, { [env]: "file" }]);

  test("no variable of git, of ours or of the session", async () => {
    const locked = await openLocked();
    const { story, token } = locked;
    const environments: readonly Record<string, string | undefined>[] = [
      {},
      { GIT_CONFIG_COUNT: "0" },
      { GIT_COMMON_DIR: "" },
      { GIT_CONFIG: "/dev/null" },
      { GIT_CREDENTIAL_BITBUCKET_TICKET: "0123456789abcdef01234567" },
      { GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" },
      { XDG_RUNTIME_DIR: undefined },
      { XDG_RUNTIME_DIR: join(story.work, "missing") },
      { XDG_RUNTIME_DIR: undefined, XDG_CACHE_HOME: join(story.work, "cache") },
      { XDG_CONFIG_HOME: join(story.work, "config"), XDG_STATE_HOME: join(story.work, "state") },
      { XDG_DATA_HOME: undefined },
      { XDG_DATA_HOME: `${story.home}/.local/share/` },
      { XDG_DATA_HOME: "relative" },
      { GIT_CONFIG_GLOBAL: "/dev/null" },
      { BITBUCKET_TOKEN: token.secret },
      { BITBUCKET_TOKEN: token.secret, GIT_CONFIG_GLOBAL: "/dev/null" },
    ];
    for (const env of environments) {
      expect({ env, ...(await get(story, { env })) }).toEqual({ env, ...refused });
    }
    for (const env of settings) {
      const { stdout, exitCode } = await get(story, { env });
      expect({ env, stdout, exitCode }).toEqual({ env, stdout: "", exitCode: 1 });
    }
    expectNothingOut(locked);
    await expectUnlocks(locked);
  }, 300_000);

  test("no option, other way to the program, or odd folder", async () => {
    const locked = await openLocked();
    const { story } = locked;
    const results = [
      await story.helper(["--trace", "get"], { input: request }),
      await story.run(process.execPath, [programScript, "get"], { input: request }),
      await story.run(process.execPath, [programScript, "-x", "get"], { input: request }),
    ];
    for (const name of ["a\rb", "a\nb", "a\n\nb", "bitbucket=answer\n"]) {
      const cwd = join(story.work, name);
      await mkdir(cwd, { recursive: true });
      results.push(await get(story, { cwd }));
    }
    for (const result of results) expect(result).toEqual(refused);
    expectNothingOut(locked, ...results);
    await expectUnlocks(locked);
  }, 120_000);

  test("no front of another version", async () => {
    const locked = await openLocked();
    const { story } = locked;
    const front = await installFront(join(story.work, "other"));
    const text = await readFile(front, "utf8");
    expect(text).toContain("wire=2");
    const asks = async (wire: string) => {
      await writeFile(front, text.replace("wire=2", `wire=${wire}`));
      return await story.run(front, ["get"], { input: request });
    };
    expect(await asks("17")).toEqual(refused);
    // In the words of version 1 only its helper could say so, which may know nothing of locks.
    const silent = { stdout: "", stderr: "", exitCode: 0 };
    expect(await asks("1")).toEqual(daemonMode === "on" ? silent : refused);
    expectNothingOut(locked);
  });

  test("no folder that cannot be looked into", async () => {
    const { story, data, token } = await openUnlocked();
    // As somebody without root's rights: what cannot be seen may be there.
    const script = `chmod 0 "$DATA"; setpriv --bounding-set=-all --inh-caps=-all "$FRONT" get; chmod 700 "$DATA"`;
    const env = { DATA: data, FRONT: story.front, BITBUCKET_TOKEN: token.secret };
    const { stdout } = await story.run("sh", ["-c", script], { input: request, env });
    expect(stdout).toBe("");
  });
});

describe("git and the lock", () => {
  test("git hears nothing, and the person reads why, until unlock", async () => {
    const locked = await openLocked();
    const { story } = locked;
    const without = ["-c", "credential.bitbucketDaemon=false"];
    for (const before of [[], without]) {
      const result = await story.git([...before, "ls-remote", "--quiet", url]);
      expect(result.exitCode).toBe(128);
      expect(result.stderr).toContain(lockedText);
      expectNothingOut(locked, result);
    }
    await expectUnlocks(locked);
  });

  test("what git reports changes nothing that needs a secret", async () => {
    const locked = await openLocked();
    const { story, token } = locked;
    const names = async () => (await story.status()).accounts.map(({ name }) => name);
    const before = await names();
    const input = `${request}username=x-token-auth\npassword=${token.secret}\n`;
    for (const operation of ["store", "erase"]) {
      const result = await story.helper([operation], { input });
      expect(result.stdout).toBe("");
      expect(result.stderr.match(/: (?:error|warning): /gu) ?? []).toHaveLength(
        operation === "store" ? 0 : 1,
      );
      expectNothingOut(locked, result);
    }
    expect(await names()).toEqual(before);
  });
});

test("no command uses a secret, and those that take one in or away go on", async () => {
  const locked = await openLocked();
  const { story, token } = locked;
  const names = async () => (await story.status()).accounts.map(({ name }) => name);
  const [name = ""] = await names();
  for (const args of [
    ["status", "--check"],
    ["check", name],
    ["migrate", "--dry-run"],
  ]) {
    expect({ args, ...(await story.helper(args)) }).toEqual({ args, ...refused });
  }
  const env = { BITBUCKET_TOKEN: token.secret };
  expect(await story.helper(["status", "--check"], { env })).toEqual(refused);
  expectNothingOut(locked);

  const status = await story.helper(["status"]);
  expect(status).toMatchObject({ stderr: "", exitCode: 1 });
  expect(status.stdout).toContain(note);
  const json = await story.helper(["status", "--json"]);
  expect(JSON.parse(json.stdout)).toMatchObject({ locked: true });
  const explanation = await story.helper(["explain", "--json", url]);
  expect(JSON.parse(explanation.stdout)).toMatchObject({
    account: name,
    problem: "secrets are locked",
    otherwise: "answers nothing",
    hint: unlock,
  });
  expect((await story.helper(["doctor"])).stdout).toContain(unlock);

  const other = story.site.accessToken({ workspace: "acme" });
  const login = await story.login(other, ["--workspace=acme", "--account=other"]);
  expect(login.stdout).toContain(note);
  expect((await story.helper(["logout", "other"])).stdout).toContain(note);
  expect(await names()).toEqual([name]);
  expect(await get(story)).toEqual(refused);
  await expectUnlocks(locked);
}, 120_000);

describe("the state on disk", () => {
  test("anything in its place locks, and unlock takes it away", async () => {
    const { story, data } = await openUnlocked();
    const path = join(data, "locked");
    const kinds = [
      () => writeFile(path, "", { mode: 0o000 }),
      () => symlink("/nowhere/at/all", path),
      () => symlink("/dev/null", path),
      () => symlink("locked", path),
      () => mkdir(path),
      () => story.run("mkfifo", [path]),
    ];
    for (const make of kinds) {
      await make();
      expect(await get(story)).toEqual(refused);
      expect((await story.helper(["daemon", "lock"])).exitCode).toBe(0);
      expect((await story.helper(["daemon", "unlock"])).stdout).toBe("unlocked\n");
      await expect(lstat(path)).rejects.toThrow("ENOENT");
    }
    await mkdir(join(path, "full"), { recursive: true });
    expect((await story.helper(["daemon", "unlock"])).stderr).toContain("error: cannot remove ");
    expect(await get(story)).toEqual(refused);
    await rm(path, { recursive: true });
    expect((await get(story)).stdout).toContain("password=");
  }, 120_000);

  test("is written whole, its owner's alone, and twice does no harm", async () => {
    const locked = await openLocked();
    const { story, data } = locked;
    expect((await lstat(join(data, "locked"))).mode & 0o777).toBe(0o600);
    expect((await story.helper(["daemon", "lock"])).exitCode).toBe(0);
    expect((await readdir(data)).filter((file) => file.includes("locked"))).toEqual(["locked"]);
    await expectUnlocks(locked);
    expect((await story.helper(["daemon", "unlock"])).stdout).toBe("nothing is locked\n");
  });

  test.each([
    [
      "a disk that is read-only",
      "(EROFS)",
      'mount --bind "$DATA" "$DATA" && mount -o remount,bind,ro "$DATA"',
    ],
    [
      "a full disk",
      "(the disk is full)",
      'mount -t tmpfs -o size=4k,nr_inodes=1,mode=0700 none "$DATA"',
    ],
  ])(
    "on %s is said to be missing, and memory is forgotten all the same",
    async (_disk, reason, mount) => {
      const { story, data } = await openUnlocked();
      const own = process.getuid?.() === 0 ? ["--mount"] : ["--map-root-user", "--mount"];
      const { stdout, stderr, exitCode } = await story.run(
        "unshare",
        [...own, "sh", "-c", `${mount} && "$FRONT" daemon lock`],
        { env: { DATA: data, FRONT: story.front } },
      );
      expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 1 });
      expect(stderr).toContain("error: secrets are not locked: cannot write ");
      expect(stderr).toContain(reason);
      expect((await daemonStatus(story.env))?.entries ?? []).toEqual([]);
      await story.succeed(["ls-remote", "--quiet", url]);
    },
  );
});
