// Someone who administers forty CI runners: the Debian package installed unattended, git configured once for the system, and
// each runner with its own home, no terminal and CI=true. A token from the environment or stored; then it dies.
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClone } from "../install/clone.ts";
import { makePackage, makeRoot } from "../packages/system-root.ts";
import { gitHas } from "../support/git-features.ts";
import { endLeftovers } from "../support/leftovers.ts";
import { openSandbox, type RunResult, type Sandbox } from "../support/sandbox.ts";
import { openWorld, type World } from "../support/world.ts";

const url = "https://bitbucket.org/acme/api.git";
const atOnce = 4;

let sandbox: Sandbox;
let world: World;
let bin: string;

beforeAll(async () => {
  sandbox = await openSandbox();
  world = await openWorld({ helper: "none" });
  const { folder, dpkg } = await makeRoot(sandbox);
  await dpkg("--install", await makePackage(sandbox, await makeClone(sandbox), "package"));
  bin = join(folder, "usr/bin");
}, 120_000);
afterAll(async () => {
  await world.close();
  await sandbox.close();
});

/** As a runner's agent starts a job: a session of its own without a terminal, and nothing of a person's. */
async function run(
  home: string,
  words: readonly string[],
  own: Readonly<Record<string, string>> = {},
  input = "",
): Promise<RunResult> {
  const env = {
    HOME: home,
    CI: "true",
    PATH: `${bin}:${sandbox.env["PATH"]}`,
    GIT_CONFIG_SYSTEM: join(world.work, "system.gitconfig"),
    GIT_CONFIG_NOSYSTEM: undefined,
    GIT_TERMINAL_PROMPT: undefined,
    XDG_DATA_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
    XDG_CACHE_HOME: undefined,
    XDG_STATE_HOME: undefined,
    XDG_RUNTIME_DIR: undefined,
    // The simulator's authority, which the real Bitbucket's would be among the system's.
    GIT_SSL_CAINFO: world.authority,
    ...own,
  };
  return await world.run("setsid", ["--wait", ...words], { env, cwd: home, input });
}

/** Makes forty homes, and does the job in each, a few at a time. @returns what the jobs returned. */
async function onForty<T>(name: string, job: (home: string) => Promise<T>): Promise<readonly T[]> {
  const homes = Array.from({ length: 40 }, (_, index) => join(world.work, `${name}-${index + 1}`));
  const done: T[] = [];
  const left = homes[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const home of left) {
      await mkdir(home, { mode: 0o700 });
      try {
        done.push(await job(home));
      } finally {
        await endLeftovers(home);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done;
}

/** What the job left behind, once nothing of it runs any more. */
async function filesWith(folder: string, text: string): Promise<readonly string[]> {
  await endLeftovers(folder);
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path, "latin1")).includes(text)) found.push(path);
  }
  return found;
}

const clone = ["git", "clone", "--quiet", url, "api"];
const login = ["git", "credential-bitbucket", "login", "--with-token", "--workspace", "acme"];

// The system's file of these runners is not this machine's.
test.runIf(gitHas.namedConfigFiles)(
  "git is configured once, for everybody on the machine",
  async () => {
    const words = ["git", "credential-bitbucket", "configure", "--system"];
    const configured = await run(world.home, words);
    expect(configured).toMatchObject({ exitCode: 0, stderr: "" });
    expect(configured.stdout).toContain(`as ${join(world.work, "system.gitconfig")} says\n`);
  },
);

test.runIf(gitHas.namedConfigFiles)(
  "a token of the environment clones on forty, and stays nowhere",
  async () => {
    const { secret } = world.site.accessToken({ workspace: "acme" }, { name: "shared" });
    world.forgetLog();
    const results = await onForty("environment", async (home) => {
      const cloned = await run(home, clone, { BITBUCKET_TOKEN: secret });
      return { ...cloned, left: await filesWith(home, secret), made: await readdir(home) };
    });
    expect(results).toHaveLength(40);
    for (const result of results)
      expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "", left: [], made: ["api"] });
    const used = world.gitLog().filter(({ token }) => token !== undefined);
    expect(new Set(used.map(({ token, status }) => `${token} ${status}`))).toEqual(
      new Set(["shared 200"]),
    );
  },
  120_000,
);

test.runIf(gitHas.namedConfigFiles)(
  "forty stored tokens, each its runner's own; then one is revoked, and one is past its end",
  async () => {
    const results = await onForty("stored", async (home) => {
      const name = home.replace(/^.*-/u, "runner ");
      const token = world.site.accessToken({ workspace: "acme" }, { name });
      const stored = await run(home, login, {}, `${token.secret}\n`);
      const cloned = await run(home, clone);
      return { home, token, stored, cloned, left: await filesWith(home, token.secret) };
    });
    for (const { stored, cloned, left } of results) {
      expect(stored).toMatchObject({ exitCode: 0, stderr: "" });
      expect(stored.stdout).toContain("bitbucket accepts the token: fetch and push work\n");
      expect(cloned).toEqual({ exitCode: 0, stdout: "", stderr: "" });
      expect(left).toEqual([]);
    }
    const tokens = new Set(world.gitLog().map(({ token }) => token));
    for (const { token } of results) expect(tokens).toContain(token.name);

    const [first, second] = results;
    if (first === undefined || second === undefined) throw new Error("no results");
    world.site.revoke(first.token);
    await expectRefusal(first.home, `bitbucket rejected the token of account 'acme' (401)`);
    const accounts = join(second.home, ".local/share/git-credential-bitbucket/accounts.json");
    await world.run("sed", ["-i", 's/"created"/"expires": "2020-01-02T00:00:00Z", &/', accounts]);
    await expectRefusal(second.home, "the token of account 'acme' expired on 2020-01-02");

    // What the message says to run, with the new token on standard input.
    const renewed = await run(
      first.home,
      ["git", "credential-bitbucket", "login", "--with-token", "--account", "acme"],
      {},
      `${world.site.accessToken({ workspace: "acme" }).secret}\n`,
    );
    expect(renewed).toMatchObject({ exitCode: 0, stderr: "" });
    const fetched = await run(first.home, ["git", "-C", "api", "fetch", "--quiet"]);
    expect(fetched).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    for (const { home } of [first, second]) await endLeftovers(home);
  },
  240_000,
);

/** The job fails, by git's own exit code, and its log tells why and what to do. */
async function expectRefusal(home: string, reason: string): Promise<void> {
  let result: RunResult | undefined;
  // The first failure after a revocation only sets it aside: the check that proves it comes behind.
  await expect
    .poll(
      async () => {
        result = await run(home, ["git", "-C", "api", "fetch", "--quiet"]);
        expect(result.exitCode).toBe(128);
        return result.stderr;
      },
      { timeout: 20_000 },
    )
    .toContain(`git-credential-bitbucket: error: ${reason}\n`);
  expect(result?.stderr).toContain(
    "git-credential-bitbucket: hint: make a new one and run: git credential-bitbucket login --account acme\n",
  );
}

test.runIf(gitHas.namedConfigFiles)(
  "a revoked token of the environment fails, and says so",
  async () => {
    const token = world.site.accessToken({ workspace: "acme" });
    world.site.revoke(token);
    const home = join(world.work, "revoked");
    await mkdir(home);
    const env = { BITBUCKET_TOKEN: token.secret };
    const failed = await run(home, clone, env);
    expect(failed.exitCode).toBe(128);
    expect(failed.stderr).toContain(
      "git-credential-bitbucket: error: git was refused with the token of BITBUCKET_TOKEN\n" +
        "git-credential-bitbucket: hint: git credential-bitbucket status --check\n",
    );
    const status = await run(home, ["git", "credential-bitbucket", "status", "--check"], env);
    expect(status.exitCode).toBe(1);
    expect(status.stdout).toContain(
      "bitbucket rejected the token (401): it is revoked or expired\n",
    );
  },
);

test.runIf(gitHas.namedConfigFiles)("without any token nothing waits for an answer", async () => {
  const home = join(world.work, "without");
  await mkdir(home);
  const failed = await run(home, clone);
  expect(failed.exitCode).toBe(128);
  expect(failed.stderr).toContain(`fatal: could not read Username for '${url}'`);
  const asked = await run(home, ["git", "credential-bitbucket", "login"]);
  expect(asked).toEqual({
    exitCode: 1,
    stdout: "",
    stderr:
      "git-credential-bitbucket: error: GIT_TERMINAL_PROMPT, credential.interactive or CI forbids to ask for a token\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket login --with-token < TOKEN-FILE\n",
  });
});
