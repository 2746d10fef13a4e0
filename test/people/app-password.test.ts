// Someone whose `git pull` says `error: 410` since July 2026: an app password in the clone's URL, in ~/.git-credentials and
// in the keyring. Only what the program prints is followed, to a pull that works. Real git, keyring and terminal.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { putGitSecret } from "../flows/migrate/lying-around.ts";
import { type Keyring, openKeyring } from "../support/keyring.ts";
import { openPty, type Pty } from "../support/pty.ts";
import { openWorld, type World } from "../support/world.ts";

const url = "https://bitbucket.org/acme/api.git";

let world: World;
let keyring: Keyring;
let clone: string;

beforeEach(async () => {
  world = await openWorld({
    helper: "none",
    gitConfig: { "credential.helper": "store", "user.email": "alice@example.com" },
  });
  keyring = await openKeyring(world.env, "unlocked");
  clone = join(world.work, "api");
});
afterEach(async () => {
  await keyring.close();
  await world.close();
});

function sits(...words: string[]): Promise<Pty> {
  const { GIT_TERMINAL_PROMPT: _, ...env } = keyring.env;
  return openPty({ command: world.command(words, clone), env, cwd: clone });
}

/** The commands that the program says come next, in their order. */
function nextCommands(screen: string): readonly (readonly string[])[] {
  return [...screen.matchAll(/^next: (git credential-bitbucket .+)$/gmu)].map(([, command = ""]) =>
    command.split(" "),
  );
}

/** A clone from before July, and one commit at Bitbucket that it has not got. */
async function cloneOf(appPassword: string): Promise<void> {
  const { secret } = world.site.accessToken({ workspace: "acme" });
  const withToken = `https://x-token-auth:${secret}@bitbucket.org/acme/api.git`;
  const other = join(world.work, "other");
  for (const folder of [clone, other]) await world.git(["clone", "--quiet", withToken, folder]);
  const commit = ["commit", "--quiet", "--allow-empty", "--message=Of a colleague"];
  await world.git(commit, { cwd: other });
  await world.git(["push", "--quiet"], { cwd: other });
  const old = `https://alice:${appPassword}@bitbucket.org/acme/api.git`;
  await world.git(["remote", "set-url", "origin", old], { cwd: clone });
}

test("gets from `error: 410` to a working pull", async () => {
  const { secret: appPassword } = world.site.appPassword("alice");
  await cloneOf(appPassword);
  const credentials = join(world.home, ".git-credentials");
  await writeFile(credentials, `https://alice:${appPassword}@bitbucket.org\n`, { mode: 0o600 });
  await putGitSecret(world, keyring.env, appPassword);

  const failed = await world.git(["pull", "--ff-only"], { cwd: clone });
  expect(failed.stderr).toContain("The requested URL returned error: 410");

  const migration = await sits("git", "credential-bitbucket", "migrate");
  for (const group of [
    "Files of git's helper 'store'",
    "The keyring",
    "URLs in git's configuration",
  ]) {
    await migration.sees(group);
    await migration.sees("Go on? (y/n) [n]: ");
    migration.types("y\r");
  }
  const migrated = await migration.ended();
  expect(migrated.code).toBe(0);
  expect(migrated.raw).not.toContain(appPassword);

  const next = nextCommands(migrated.screen);
  expect(next).toEqual([
    ["git", "credential-bitbucket", "configure"],
    ["git", "credential-bitbucket", "login"],
  ]);
  for (const command of next) {
    const person = await sits(...command);
    if (command.includes("login")) {
      // What the instructions on the screen say how to make.
      await person.sees("Create API token with scopes");
      await person.sees("Token (not shown): ");
      person.types(`${world.site.apiToken("alice", { name: "New" }).secret}\r`);
      await person.sees("Email of your Atlassian account [alice@example.com]: ");
      person.types("\r");
      await person.sees("It expires on");
      person.types("\r");
    }
    const end = await person.ended();
    expect(end.code).toBe(0);
  }

  world.forgetLog();
  const pulled = await sits("git", "pull", "--ff-only");
  const end = await pulled.ended();
  expect(end.code).toBe(0);
  const { stdout } = await world.git(["log", "-1", "--format=%s"], { cwd: clone });
  expect(stdout).toBe("Of a colleague\n");
  expect(world.gitLog().at(-1)).toMatchObject({ token: "New", status: 200 });

  expect((await world.git(["remote", "get-url", "origin"], { cwd: clone })).stdout).toBe(
    `${url}\n`,
  );
  expect(await readFile(credentials, "utf8")).toBe("");
  const again = await world.helper(["migrate", "--yes"], { cwd: clone, env: keyring.env });
  expect(again.stdout).toBe("no login for bitbucket lies outside of the accounts\n");
});
