// Root with a person's HOME, as `sudo -E` and `su -p` make it: root makes nothing of the person's its own, and git gets no
// account of theirs. Real users: 1000 is the person, 0 is root.
import { chmod, chown, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openWorld, type World } from "../support/world.ts";
import { closeInMode, daemonMode, daemonStatus } from "../support/daemon-mode.ts";
import type { RunOptions, RunResult } from "../support/sandbox.ts";

const person = 1000;
const url = "https://bitbucket.org/acme/api.git";
const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";
const refused =
  /^git-credential-bitbucket: error: \/\S+ belongs to another user \(uid 1000\)\ngit-credential-bitbucket: hint: sudo -H git credential-bitbucket status\n/u;

interface TwoUsers {
  readonly world: World;
  readonly secret: string;
  /** What the person runs. */
  readonly asPerson: (command: readonly string[], options?: RunOptions) => Promise<RunResult>;
  /** What in the home and the runtime folder is not the person's. */
  readonly foreign: () => Promise<readonly string[]>;
}

/** A person who is logged in and has fetched, with a daemon in that mode. */
async function withPerson(attack: (users: TwoUsers) => Promise<void>): Promise<void> {
  const world = await openWorld({
    gitConfig: {
      "credential.bitbucketStore": "file",
      ...(daemonMode === "off" && { "credential.bitbucketDaemon": "false" }),
    },
  });
  const asPerson: TwoUsers["asPerson"] = (command, options) =>
    world.run(
      "setpriv",
      [`--reuid=${person}`, `--regid=${person}`, "--clear-groups", "--", ...command],
      options,
    );
  const roots = [world.home, world.work, world.env["XDG_RUNTIME_DIR"] ?? ""];
  try {
    // The way to the program.
    for (const folder of [dirname(world.home), dirname(dirname(world.front))])
      await chmod(folder, 0o755);
    for (const root of roots)
      for (const path of await below(root)) await chown(path, person, person);
    const { secret } = world.site.accessToken({ workspace: "acme" });
    const login = [world.front, "login", "--with-token", "--workspace=acme"];
    expect(await asPerson(login, { input: `${secret}\n` })).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
    if (daemonMode === "on") await asPerson([world.front, "daemon", "start"]);
    const fetch = ["git", "ls-remote", url];
    expect(await asPerson(fetch)).toMatchObject({ exitCode: 0 });
    await attack({
      world,
      secret,
      asPerson,
      foreign: async () => {
        const found: string[] = [];
        for (const root of roots)
          for (const path of await below(root))
            if ((await stat(path)).uid !== person) found.push(path);
        return found;
      },
    });
    expect(await asPerson(fetch)).toMatchObject({ exitCode: 0 });
  } finally {
    await closeInMode(world);
  }
}

async function below(root: string): Promise<readonly string[]> {
  const names = await readdir(root, { recursive: true });
  return [root, ...names.map((name) => join(root, name))];
}

test.runIf(process.getuid?.() === 0)("git gets nothing of the person's, and is told why", () =>
  withPerson(async ({ world, secret, foreign }) => {
    const { stdout, stderr } = await world.helper(["get"], { input: request });
    expect(stdout).toBe("");
    expect(stderr).toMatch(refused);
    const fetch = await world.git(["ls-remote", url]);
    expect(fetch.exitCode).toBe(128);
    expect(fetch.stderr).toMatch(refused);
    const env = { BITBUCKET_TOKEN: secret };
    expect(await world.git(["ls-remote", url], { env })).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await foreign()).toEqual([]);
  }),
);

test.runIf(process.getuid?.() === 0)("no command makes anything of the person's root's", () =>
  withPerson(async ({ world, secret, foreign }) => {
    await writeFile(
      join(world.home, ".netrc"),
      `machine bitbucket.org login a password ${world.site.appPassword("alice").secret}\n`,
    );
    await chown(join(world.home, ".netrc"), person, person);
    const stored = `${request}username=x-token-auth\npassword=${world.site.accessToken({ workspace: "globex" }).secret}\n`;
    const log = { GIT_CREDENTIAL_BITBUCKET_LOG_LEVEL: "trace" };
    const commands: readonly (readonly [readonly string[], RunOptions?])[] = [
      [["login", "--with-token", "--workspace=acme"], { input: `${secret}\n` }],
      [["store"], { input: stored }],
      [["erase"], { input: `${request}username=x-token-auth\npassword=${secret}\n` }],
      [["get"], { input: request, env: log }],
      [["get"], { input: request, env: { BITBUCKET_TOKEN: secret, ...log } }],
      [["logout", "--all"]],
      [["status", "--check"]],
      [["migrate", "--yes"]],
      [["configure"]],
      [["unconfigure"]],
      [["daemon", "start"]],
      [["doctor"]],
    ];
    for (const [args, options] of commands) {
      const { stderr } = await world.helper(args, options);
      expect(stderr).not.toContain("internal error");
      expect({ args, foreign: await foreign() }).toEqual({ args, foreign: [] });
    }
    // Git would take what is in it before it asks any helper.
    await rm(join(world.home, ".netrc"));
    const configure = await world.helper(["configure"]);
    expect(configure).toMatchObject({ exitCode: 1, stdout: "" });
    expect(configure.stderr).toMatch(refused);
  }),
);

test.runIf(process.getuid?.() === 0)("nor in an empty home", async () => {
  await withPerson(async ({ world, secret }) => {
    const home = join(world.work, "empty");
    await mkdir(home, { mode: 0o700 });
    await chown(home, person, person);
    const env = {
      HOME: home,
      XDG_DATA_HOME: undefined,
      XDG_STATE_HOME: undefined,
      XDG_CACHE_HOME: undefined,
      XDG_RUNTIME_DIR: undefined,
      XDG_CONFIG_HOME: undefined,
      GIT_CREDENTIAL_BITBUCKET_LOG_LEVEL: "trace",
      GIT_CREDENTIAL_BITBUCKET_STORE: "file",
    };
    const input = `${secret}\n`;
    const login = await world.helper(
      ["login", "--with-token", "--workspace=acme", "--no-validate"],
      { env, input },
    );
    expect(login).toMatchObject({ exitCode: 1, stdout: "" });
    await world.helper(["configure"], { env });
    await world.helper(["get"], { env: { ...env, BITBUCKET_TOKEN: secret }, input: request });
    await world.helper(["doctor"], { env });
    expect(await readdir(home)).toEqual([]);
    await rm(home, { recursive: true });
  });
});

test.runIf(process.getuid?.() === 0)(
  "what an older version left of root's: the hint mends it",
  () =>
    withPerson(async ({ world, asPerson }) => {
      const data = join(world.home, ".local/share/git-credential-bitbucket");
      const env = { GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" };
      for (const path of [
        join(data, "accounts.json"),
        join(world.home, ".local"),
        join(data, "identity.txt"),
        join(data, "secrets"),
      ]) {
        await chown(path, 0, 0);
        await chmod(path, (await stat(path)).isDirectory() ? 0o700 : 0o600);
        const { stdout, stderr } = await asPerson([world.front, "get"], { input: request, env });
        expect(stdout).toBe("");
        const [, hint = ""] =
          /^git-credential-bitbucket: error: \S+ belongs to another user \(uid 0\)\ngit-credential-bitbucket: hint: (sudo .+)\n$/u.exec(
            stderr,
          ) ?? [];
        expect({ path, hint }).toEqual({ path, hint: `sudo chown -R "$(id -un)" ${path}` });
        expect((await asPerson([world.front, "doctor", "--brief"], { env })).stdout).toMatch(
          /failed {3}owner/u,
        );
        // The person's shell, and root for what is behind sudo.
        const words = await asPerson(["sh", "-c", `sudo() { printf '%s\\n' "$@"; }; ${hint}`]);
        const [command = "", ...args] = words.stdout.split("\n").slice(0, -1);
        expect(await world.run(command, args)).toMatchObject({ exitCode: 0 });
        expect((await asPerson([world.front, "get"], { input: request, env })).stdout).toContain(
          "password=",
        );
      }
      expect((await asPerson([world.front, "doctor", "--brief"], { env })).stdout).not.toContain(
        "owner",
      );
    }),
);

test.runIf(process.getuid?.() === 0)("a home whose owner is unknown here, as in a container", () =>
  withPerson(async ({ world, secret, foreign }) => {
    await chmod(world.home, 0o755);
    const inNamespace = ["--user", "--map-root-user", "--wd=/", "--", world.front];
    for (const [args, input] of [
      [["get"], request],
      [["login", "--with-token", "--workspace=acme", "--no-validate"], `${secret}\n`],
    ] as const) {
      const { stdout, stderr } = await world.run("unshare", [...inNamespace, ...args], { input });
      expect(stdout).toBe("");
      expect(stderr).toContain("belongs to another user (uid 65534)\n");
    }
    expect(await foreign()).toEqual([]);
    expect(daemonMode === "on" ? (await daemonStatus(world.env))?.locked : false).toBe(false);
  }),
);
