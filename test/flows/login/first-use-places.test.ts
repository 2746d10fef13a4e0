// The question in the middle of git's work, for a person whose session lacks places: no runtime folder, somebody else's, and
// none at all where processes could meet or an account be kept. Real users: 1000 is the person.
import { chmod, chown, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { openPty } from "../../support/pty.ts";
import { openWorld, type World } from "../../support/world.ts";

const person = 1000;
const url = "https://bitbucket.org/acme/api.git";
const asPerson = [`--reuid=${person}`, `--regid=${person}`, "--clear-groups", "--"];
const variables = ["XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"];
let world: World;

beforeEach(async () => {
  const gitConfig = { "credential.bitbucketStore": "file", "user.email": "alice@example.com" };
  world = await openWorld({ gitConfig, without: variables });
  onTestFinished(() => world.close());
  for (const folder of [dirname(world.home), dirname(dirname(world.front)), world.home])
    await chmod(folder, 0o755);
});

/** The person fetches once at a terminal and types the token where it is asked. @returns the screen's end. */
async function fetchesAndTypes(token: string, runtime: string) {
  const { GIT_TERMINAL_PROMPT: _, ...env } = world.env;
  const terminal = await openPty({
    command: world.command(["setpriv", ...asPerson, "git", "ls-remote", url], "/"),
    env: { ...env, XDG_RUNTIME_DIR: runtime },
    cwd: "/",
  });
  await terminal.sees("Token (not shown): ");
  terminal.types(`${token}\r`);
  return await terminal.ended();
}

async function expectAsked(runtime: string): Promise<void> {
  await chown(world.home, person, person);
  const { secret } = world.site.apiToken("alice");
  const { code, screen } = await fetchesAndTypes(secret, runtime);
  expect(screen).toContain("stored as account 'alice'");
  expect(code).toBe(0);
  expect(await readdir(runtime).catch(() => [])).toEqual([]);
  const again = await world.run("setpriv", [...asPerson, "git", "ls-remote", url], {
    env: { XDG_RUNTIME_DIR: runtime },
    cwd: "/",
  });
  expect(again).toMatchObject({ exitCode: 0, stderr: "" });
}

test.runIf(process.getuid?.() === 0)("a runtime folder that is somebody else's", () =>
  expectAsked(world.env["XDG_RUNTIME_DIR"] ?? ""),
);

test.runIf(process.getuid?.() === 0)("a runtime folder that is missing", () =>
  expectAsked(join(world.work, "nowhere")),
);

test.runIf(process.getuid?.() === 0)(
  "no place at all: git gets the token, and the person reads why",
  async () => {
    const { secret } = world.site.apiToken("alice");
    const { code, screen } = await fetchesAndTypes(secret, world.env["XDG_RUNTIME_DIR"] ?? "");
    expect(screen).toContain("belongs to another user (uid 0)");
    expect(screen).toContain("git gets the token this once");
    expect(screen).toContain("refs/heads/main");
    expect(code).toBe(0);
    expect(await readdir(world.home)).toEqual([
      ".gitconfig",
      ".gitconfig.git-credential-bitbucket",
    ]);
  },
);
