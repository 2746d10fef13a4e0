// migrate at a terminal: what is asked, and what the answers do.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openPty } from "../../support/pty.ts";
import { openHousehold } from "./household.ts";
import { git, keyringSecrets, put, putManagerSecret, putRepository } from "./lying-around.ts";

const household = openHousehold();

/** An app password in three groups. @returns it. */
async function putDead(): Promise<string> {
  const { world, keyring, repository } = household;
  const { secret } = world.site.appPassword("alice");
  await putRepository(world, repository, {
    "remote.origin.url": `https://alice:${secret}@bitbucket.org/acme/api.git`,
  });
  await put(join(world.home, ".git-credentials"), `https://alice:${secret}@bitbucket.org\n`);
  await putManagerSecret(world, keyring.env, secret);
  return secret;
}

const questions = {
  store: "Files of git's helper 'store': delete 1. Go on? (y/n) [n]: ",
  manager: "Git Credential Manager: delete 1. Go on? (y/n) [n]: ",
  urls: "URLs in git's configuration: take out 1. Go on? (y/n) [n]: ",
};

test("asks for each group, and leaves what nobody agreed to", async () => {
  const { world, keyring, repository } = household;
  const secret = await putDead();
  const person = await household.sits([]);
  await person.sees(questions.store);
  person.types("yes\r");
  await person.sees(questions.manager);
  person.types("\r");
  await person.sees(questions.urls);
  person.types("Y\r");
  const { code, raw, screen } = await person.ended();
  expect(code).toBe(0);
  expect(raw).not.toContain(secret);
  expect(screen.endsWith("\nnext: git credential-bitbucket login\n" + endOf(screen))).toBe(true);
  expect(await readFile(join(world.home, ".git-credentials"), "utf8")).toBe("");
  expect(await keyringSecrets(keyring.env)).toHaveLength(1);
  expect(await git(world, ["-C", repository, "config", "remote.origin.url"])).toBe(
    "https://bitbucket.org/acme/api.git\n",
  );
});

/** The lines about backups: the last two. */
function endOf(screen: string): string {
  return screen.split("\n").slice(-3).join("\n");
}

test("changes nothing when nothing is agreed to", async () => {
  const secret = await putDead();
  const person = await household.sits([]);
  for (const question of Object.values(questions)) {
    await person.sees(question);
    person.types("n\r");
  }
  const { code, screen } = await person.ended();
  expect(code).toBe(0);
  expect(screen).toContain("\nnothing is changed\n");
  expect(await readFile(join(household.world.home, ".git-credentials"), "utf8")).toContain(secret);
});

test("Ctrl-C ends it; what was done before stands, with its backup named", async () => {
  await putDead();
  const person = await household.sits([]);
  await person.sees(questions.store);
  person.types("y\r");
  await person.sees(questions.manager);
  person.types("\x03");
  const { code, screen, modesBefore, modesAfter } = await person.ended();
  expect(code).toBe(130);
  expect(modesAfter).toBe(modesBefore);
  expect(screen).toContain("  rm ~/.git-credentials.before-migrate\n");
  expect(screen).toContain("git-credential-bitbucket: cancelled\n");
  expect(await readFile(join(household.world.home, ".git-credentials"), "utf8")).toBe("");
  expect(await keyringSecrets(household.keyring.env)).toHaveLength(1);
});

test("asks whose an API token is when nobody knows it, and believes Bitbucket's 401 then", async () => {
  const { world, repository } = household;
  const alive = world.site.apiToken("bob");
  const dead = world.site.apiToken("bob");
  world.site.revoke(dead);
  await putRepository(world, repository, {});
  await put(
    join(world.home, ".git-credentials"),
    `https://bob:${alive.secret}@bitbucket.org\nhttps://bob:${dead.secret}@bitbucket.org/globex/lib.git\n`,
  );
  const person = await household.sits([]);
  for (const line of [1, 2]) {
    await person.sees(
      `~/.git-credentials, line ${line} has an API token; it can only be checked with its owner's email`,
    );
    // The second time, the first answer is offered.
    const offered = line === 1 ? "alice@example.com" : "bob@example.com";
    await person.sees(`Email of your Atlassian account [${offered}]: `);
    person.types(line === 1 ? "bob@example.com\r" : "\r");
  }
  await person.sees("move 1, delete 1. Go on? (y/n) [n]: ");
  person.types("y\r");
  const { code, screen } = await person.ended();
  expect(code).toBe(0);
  expect(screen).toContain("rejected by bitbucket (401)  deleted");
  expect(await household.accounts()).toMatchObject([
    { name: "bob", state: "approved", email: "bob@example.com", emailConfirmed: true },
  ]);
});

test("shows the table to who is asked, also when the output goes to a file", async () => {
  await putDead();
  const { world, keyring, repository } = household;
  const { GIT_TERMINAL_PROMPT: _, ...env } = keyring.env;
  const command = world.command([world.front, "migrate"], repository);
  const person = await openPty({ command, env, cwd: repository, stdout: "file" });
  await person.sees("remote.origin.url");
  await person.sees(questions.store);
  person.types("\x03");
  const { stdout } = await person.ended();
  expect(stdout).toContain("remote.origin.url");
});

test("shows how far it has come, and takes that away again", async () => {
  await putDead();
  const person = await household.sits(["--dry-run", "--in", ".."]);
  await person.sees(/looking: \d+ folders, \d+ repositories/u);
  const { code, raw } = await person.ended();
  expect(code).toBe(0);
  expect(raw).toContain("\r\x1b[Klogins for bitbucket in 3 places:");
});
