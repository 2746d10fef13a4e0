// Whatever lies in the place of a file that we read or write: nothing waits for it, and git goes on. What hangs fails by the
// test's own limit.
import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { lstat, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { openStory, type Story } from "../real-git/story.ts";

const url = "https://bitbucket.org/acme/api.git";
const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n\n";
const anyProblem =
  /^git-credential-bitbucket: error: .+\ngit-credential-bitbucket: hint: ls -ld? .+\n$/u;

async function loggedIn(): Promise<{ readonly story: Story; readonly clone: string }> {
  const story = await openStory();
  const token = story.site.accessToken({ workspace: "acme" });
  await story.login(token, ["--workspace=acme"]);
  const clone = await story.clone(url, "one");
  await story.succeed(["fetch"], { cwd: clone });
  return { story, clone };
}

function dataOf({ home }: Story): string {
  return join(home, ".local/share/git-credential-bitbucket");
}

function makeFifo(path: string): void {
  execFileSync("mkfifo", ["-m", "600", path]);
}

async function makeSparse(path: string): Promise<void> {
  await writeFile(path, "", { mode: 0o600 });
  truncateSync(path, 1 << 30);
}

const strangers: readonly (readonly [string, (path: string) => unknown])[] = [
  ["a FIFO", makeFifo],
  ["a link to /dev/zero", (path) => symlink("/dev/zero", path)],
  ["a folder", (path) => mkdir(path)],
  ["a gigabyte that takes no room", makeSparse],
];

/** Puts each of the strangers into the place of a file for a while. */
async function withStrangers(
  path: string,
  attack: (what: string) => Promise<void>,
  some = strangers,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const isThere = await rename(path, `${path}.away`).then(
    () => true,
    () => false,
  );
  for (const [what, make] of some) {
    await make(path);
    await attack(what);
    await rm(path, { recursive: true });
  }
  if (isThere) await rename(`${path}.away`, path);
}

describe("in the path of get", () => {
  test("accounts.json", async () => {
    const { story, clone } = await loggedIn();
    const token = story.site.accessToken({ workspace: "globex" });
    await withStrangers(join(dataOf(story), "accounts.json"), async () => {
      const { stderr, exitCode } = await story.git(["fetch"], { cwd: clone });
      expect(exitCode).toBe(128);
      expect(stderr).toMatch(
        /^git-credential-bitbucket: error: cannot read the accounts file \/\S+ \((?:not a regular file|larger than 16 MB)\)\ngit-credential-bitbucket: hint: ls -ld \/\S+\nfatal: /u,
      );
      const input = `${token.secret}\n`;
      const login = await story.helper(["login", "--with-token", "--workspace=globex"], { input });
      expect(login).toMatchObject({ exitCode: 1, stdout: "" });
      expect(login.stderr).toMatch(anyProblem);
    });
    await story.succeed(["fetch"], { cwd: clone });
  });

  test("what the file store keeps", async () => {
    const { story } = await loggedIn();
    const [name = ""] = await readdir(join(dataOf(story), "secrets"));
    // From the files, not from the daemon's memory.
    const env = { GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" };
    for (const path of [join("secrets", name), "identity.txt"]) {
      await withStrangers(join(dataOf(story), path), async () => {
        const { stderr, stdout } = await story.helper(["get"], { input: request, env });
        expect(stdout).toBe("");
        expect(stderr).toMatch(
          /^git-credential-bitbucket: error: .+\ngit-credential-bitbucket: hint: .+\n$/u,
        );
      });
    }
    const { stdout } = await story.helper(["get"], { input: request, env });
    expect(stdout).toContain("password=");
  });

  test("the files of authorities, when a token is used first", async () => {
    const { story } = await loggedIn();
    const place = join(story.work, "ca.pem");
    await story.succeed(["config", "--global", "http.https://api.bitbucket.org.sslCAInfo", place]);
    await withStrangers(place, async () => {
      const token = story.site.accessToken({ workspace: "globex" });
      const input = `${token.secret}\n`;
      const args = ["login", "--with-token", "--workspace=globex", "--account=other"];
      const { stdout, stderr } = await story.helper(args, { input });
      expect(stdout + stderr).toMatch(
        /the CA file \/\S+ cannot be read \((?:not a regular file|larger than 16 MB)\)/u,
      );
      const inFront = { NODE_EXTRA_CA_CERTS: place };
      expect((await story.helper(["status", "--check"], { env: inFront })).stdout).toContain(
        "the CA file",
      );
    });
  });

  test("the log", async () => {
    const { story, clone } = await loggedIn();
    const log = join(story.work, "log");
    const env = {
      GIT_CREDENTIAL_BITBUCKET_LOG_LEVEL: "trace",
      GIT_CREDENTIAL_BITBUCKET_LOG_FILE: log,
    };
    await withStrangers(log, async (what) => {
      const { stderr, exitCode } = await story.git(["fetch"], { cwd: clone, env });
      expect(exitCode).toBe(0);
      expect(stderr).toContain(`git-credential-bitbucket: error: cannot write the log ${log}: `);
      expect({ what, size: (await lstat(log)).size }).toEqual({ what, size: expect.any(Number) });
    });
    await story.succeed(["fetch"], { cwd: clone, env });
    expect((await lstat(log)).mode & 0o777).toBe(0o600);
  });

  test("a shell's start-up file as log is left as it is", async () => {
    const { story, clone } = await loggedIn();
    const startUp = join(story.home, ".bashrc");
    await writeFile(startUp, "true\n", { mode: 0o600 });
    const env = {
      GIT_CREDENTIAL_BITBUCKET_LOG_LEVEL: "trace",
      GIT_CREDENTIAL_BITBUCKET_LOG_FILE: startUp,
    };
    await story.git(["ls-remote", "https://$(touch pwned)@bitbucket.org/acme/api.git"], { env });
    await story.succeed(["fetch"], { cwd: clone, env });
    expect((await lstat(startUp)).size).toBe(5);
  });
});

describe("in the path of migrate and doctor", () => {
  test("files of logins, also those that a setting names", async () => {
    const { story } = await loggedIn();
    const named = join(story.home, "named");
    await story.succeed(["config", "--global", "credential.helper", `store --file ${named}`]);
    for (const name of [".netrc", "_netrc", ".git-credentials", ".config/git/credentials", "named"])
      await withStrangers(join(story.home, name), async () => {
        const { stdout, exitCode } = await story.helper(["migrate", "--dry-run"]);
        expect(stdout).toMatch(
          /note: ~\/\S+ cannot be read \((?:not a regular file|larger than 16 MB)\)/u,
        );
        expect(exitCode).toBe(0);
      });
    await mkdir(join(story.home, ".gcm/store/git/https/bitbucket.org"), { recursive: true });
    await withStrangers(
      join(story.home, ".gcm/store/git/https/bitbucket.org/alice.credential"),
      async () => {
        const { exitCode } = await story.helper(["migrate", "--dry-run"]);
        expect(exitCode).toBe(0);
      },
    );
  });

  test("what a folder full of repositories has in it", async () => {
    const { story } = await loggedIn();
    const dead = story.site.appPassword("alice").secret;
    const hostile = join(story.work, "hostile");
    await story.succeed(["init", "--quiet", hostile]);
    await story.succeed(["init", "--quiet", join(story.work, "good")]);
    const remote = ["remote", "add", "origin", `https://alice:${dead}@bitbucket.org/acme/api.git`];
    await story.succeed(remote, { cwd: join(story.work, "good") });
    const pointers = [".git/config", ".git/config.worktree", ".git/commondir", ".gitmodules"];
    for (const name of pointers)
      await withStrangers(
        join(hostile, name),
        async () => {
          const { stdout, exitCode } = await story.helper([
            "migrate",
            "--dry-run",
            `--in=${story.work}`,
          ]);
          expect(exitCode).toBe(0);
          expect(stdout).toContain("good/.git/config");
        },
        strangers.slice(0, 2),
      );
    await rm(join(hostile, ".git"), { recursive: true });
    makeFifo(join(hostile, ".git"));
    const { stdout } = await story.helper(["migrate", "--dry-run", `--in=${story.work}`]);
    expect(stdout).toContain("good/.git/config");
  });

  test("what a repository's configuration includes", async () => {
    const { story } = await loggedIn();
    const hostile = join(story.work, "hostile");
    await story.succeed(["init", "--quiet", hostile]);
    makeFifo(join(story.work, "fifo"));
    for (const path of ["/dev/zero", "/dev/stdin", join(story.work, "fifo")]) {
      await writeFile(join(hostile, ".git/config"), `[include]\n\tpath = ${path}\n`);
      const { stdout, exitCode } = await story.helper([
        "migrate",
        "--dry-run",
        `--in=${story.work}`,
      ]);
      expect(stdout).toContain("no login for bitbucket lies outside of the accounts\n");
      expect(exitCode).toBe(0);
    }
  });

  test("doctor says what it cannot read", async () => {
    const { story } = await loggedIn();
    await withStrangers(join(dataOf(story), "accounts.json"), async () => {
      const { stdout, exitCode } = await story.helper(["doctor", "--brief"]);
      expect(stdout).toMatch(/failed {3}accounts file/u);
      expect(exitCode).toBe(1);
    });
  });
});
