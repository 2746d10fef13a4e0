// No secret appears where it does not belong, over a whole journey with every log on: arguments, environments, files
// outside the store, output for people. What git is answered and what is sent to Bitbucket are its only ways out.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Keyring, openKeyring } from "./support/keyring.ts";
import { openWorld, type World } from "./support/world.ts";

const url = "https://bitbucket.org/acme/api.git";

let world: World;

beforeEach(async () => {
  world = await openWorld({ gitConfig: { "credential.bitbucketLogLevel": "trace" } });
});
afterEach(() => world.close());

/** What would give a token away: itself, a good part of it, and the forms it takes in headers and URLs. */
function traces(secret: string, email: string): readonly string[] {
  const basic = (user: string) => Buffer.from(`${user}:${secret}`).toString("base64").slice(40, -4);
  return [
    secret.slice(20, 60),
    secret.slice(-40, -9),
    basic(email),
    basic("x-bitbucket-api-token-auth"),
    Buffer.from(secret).toString("base64").slice(40, -4),
    Buffer.from(secret).toString("hex"),
  ];
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The journey of a token: logged in, used, failing, checked, explained, revoked, logged out. */
async function journey(secret: string, run: World["run"], env: Record<string, string>) {
  const said: string[] = [];
  const step = async (command: readonly string[], input = "") => {
    const [program = "", ...args] = command;
    const { stdout, stderr } = await run(program, args, { input, env });
    said.push(stdout, stderr);
  };
  const helper = (...args: string[]) => [world.front, ...args];
  await step(
    helper("login", "--with-token", "--account", "work", "--email", "alice@example.com"),
    `${secret}\n`,
  );
  await step(["git", "clone", "--quiet", url, join(world.work, "clone")]);
  await step([
    "git",
    "-C",
    join(world.work, "clone"),
    "push",
    "--quiet",
    "origin",
    "HEAD:refs/heads/new",
  ]);
  world.simulator.fail(
    { kind: "status", status: 401 },
    { service: "git", authenticated: true, times: 1 },
  );
  await step(["git", "ls-remote", url]);
  await step(helper("status", "--check"));
  await step(helper("status", "--json"));
  await step(helper("explain", url));
  await step(helper("login", "--with-token", "--account", "work", "--unknown-option", secret));
  await step(
    helper("store"),
    `protocol=https\nhost=bitbucket.org\nusername=a\npassword=${secret}\nbroken\n`,
  );
  await step(helper("logout", "work"));
  return said;
}

describe.each(["file", "keychain"] as const)("with the %s store", (store) => {
  let keyring: Keyring;

  beforeEach(async () => {
    keyring = await openKeyring(world.env, store === "keychain" ? "unlocked" : "no-bus");
    await world.git(["config", "--global", "credential.bitbucketStore", store]);
  });
  afterEach(() => keyring.close());

  test("neither output, nor files, nor the log have it", async () => {
    const { secret } = world.site.apiToken("alice");
    const said = await journey(secret, (...words) => world.run(...words), keyring.env);
    const log = await readFile(
      join(world.home, ".local/state/git-credential-bitbucket/log"),
      "utf8",
    );
    expect(log.split("\n").length).toBeGreaterThan(5);
    expect(
      world.gitLog().some(({ carriesSecret, status }) => carriesSecret && status === 200),
    ).toBe(true);
    const files = [...(await filesBelow(world.home)), ...(await filesBelow(world.work))];
    const contents = await Promise.all(files.map((file) => readFile(file, "latin1")));
    for (const trace of traces(secret, "alice@example.com")) {
      for (const text of [...said, log, ...contents]) expect(text).not.toContain(trace);
    }
  });

  test("no program that is started gets it as argument or in its environment", async () => {
    const { secret } = world.site.apiToken("alice");
    // strace waits for the daemon too.
    await world.git(["config", "--global", "credential.bitbucketIdleTimeout", "1"]);
    const trace = join(world.work, "trace");
    const traced: World["run"] = (program, args, options) =>
      world.run(
        "strace",
        [
          "--follow-forks",
          "--no-abbrev",
          "--string-limit=65536",
          "--trace=execve",
          "--output-append-mode",
          `--output=${trace}`,
          program,
          ...args,
        ],
        options,
      );
    await journey(secret, traced, keyring.env);
    const programs = (await readFile(trace, "utf8")).split("\n");
    expect(
      programs.filter((line) => line.includes("git-credential-bitbucket")).length,
    ).toBeGreaterThan(10);
    const inherited = programs.filter((line) => !line.includes("--unknown-option"));
    for (const part of traces(secret, "alice@example.com")) {
      expect(inherited.filter((line) => line.includes(part))).toEqual([]);
    }
  }, 90_000);
});
