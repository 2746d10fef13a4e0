// Someone with a personal and a work account, two users of Bitbucket on one machine: one of them is refused where the other
// is let in. Only what the program prints is followed, to pulls that work in both. Real git, keyring and terminal.
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closeInMode, daemonMode } from "../support/daemon-mode.ts";
import { seedAccount } from "../support/seed.ts";
import { type Keyring, openKeyring } from "../support/keyring.ts";
import { openPty, type Pty } from "../support/pty.ts";
import { commandsAfter } from "./printed.ts";
import { openWorld, type World } from "../support/world.ts";

// alice is the person's own user, bob the one at work; alice may not see globex/app.
const personal = { repository: "acme/web", email: "alice@example.com" };
const work = { repository: "globex/app", email: "bob@example.com" };

let world: World;
let keyring: Keyring;

beforeEach(async () => {
  const gitConfig = { "user.email": personal.email };
  world = await openWorld({ helper: "none", gitConfig, daemon: daemonMode });
  keyring = await openKeyring(world.env, "unlocked");
});
afterEach(async () => {
  await keyring.close();
  await closeInMode(world);
});

function sits(folder: string, ...words: string[]): Promise<Pty> {
  const { GIT_TERMINAL_PROMPT: _, ...env } = { ...world.env, ...keyring.env };
  return openPty({ command: world.command(words, folder), env, cwd: folder });
}

/** Types the answers, each when its question stands on the screen. */
async function answers(person: Pty, ...pairs: readonly (readonly [string, string])[]) {
  for (const [question, keys] of pairs) {
    await person.sees(question);
    person.types(`${keys}\r`);
  }
  return await person.ended();
}

/** A clone of before, by a token that is nobody's, and one commit at Bitbucket that it has not got. */
async function cloneOf(repository: string, remote: string): Promise<string> {
  const folder = join(world.work, repository.replace("/", "-"));
  const other = `${folder}-other`;
  const [workspace = ""] = repository.split("/");
  const { secret } = world.site.accessToken({ workspace });
  const withToken = `https://x-token-auth:${secret}@bitbucket.org/${repository}.git`;
  for (const path of [folder, other]) await world.git(["clone", "--quiet", withToken, path]);
  const commit = ["commit", "--quiet", "--allow-empty", "--message=Of a colleague"];
  await world.git(commit, { cwd: other });
  await world.git(["push", "--quiet"], { cwd: other });
  await world.git(["remote", "set-url", "origin", remote], { cwd: folder });
  return folder;
}

async function pulls(folder: string, token: string): Promise<void> {
  world.forgetLog();
  const end = await (await sits(folder, "git", "pull", "--ff-only")).ended();
  expect(end.code).toBe(0);
  const { stdout } = await world.git(["log", "-1", "--format=%s"], { cwd: folder });
  expect(stdout).toBe("Of a colleague\n");
  expect(world.gitLog().at(-1)).toMatchObject({ token, status: 200 });
}

test("doctor leads to the first account, explain to the second", async () => {
  const { site } = world;
  const own = await cloneOf(
    personal.repository,
    `https://bitbucket.org/${personal.repository}.git`,
  );
  const atWork = await cloneOf(work.repository, `https://bitbucket.org/${work.repository}.git`);
  const tokens = {
    personal: site.apiToken("alice", { name: "personal" }),
    work: site.apiToken("bob", { name: "work" }),
  };

  const doctor = await (await sits(own, "git", "credential-bitbucket", "doctor")).ended();
  expect(doctor.code).toBe(1);
  const [configure = [], login = [], ...rest] = commandsAfter("next", doctor.screen);
  expect([configure, login, rest]).toEqual([
    ["git", "credential-bitbucket", "configure"],
    ["git", "credential-bitbucket", "login"],
    [],
  ]);
  expect((await (await sits(own, ...configure)).ended()).code).toBe(0);
  const first = await answers(
    await sits(own, ...login),
    ["Token (not shown): ", tokens.personal.secret],
    [`Email of your Atlassian account [${personal.email}]: `, ""],
    ["It expires on", ""],
  );
  expect(first.screen).toContain("account 'alice' in the keychain store\n");
  await pulls(own, "personal");

  // Bitbucket hides from alice what is bob's; git says no more than that.
  const refused = await (await sits(atWork, "git", "pull")).ended();
  expect(refused.code).not.toBe(0);
  const help = await (await sits(atWork, "git", "credential-bitbucket")).ended();
  expect(help.screen).toMatch(/^ *explain +show which account answers for a URL, and why$/mu);
  const url = (await world.git(["remote", "get-url", "origin"], { cwd: atWork })).stdout.trim();
  const explained = await (
    await sits(atWork, "git", "credential-bitbucket", "explain", url)
  ).ended();
  expect(explained.screen).toContain("account 'alice' answers: every repository\n");
  const [another = []] = commandsAfter("for another account", explained.screen);
  const second = await answers(
    await sits(atWork, ...another),
    ["Token (not shown): ", tokens.work.secret],
    [`Email of your Atlassian account [${personal.email}]: `, work.email],
    ["It expires on", ""],
  );
  expect(second.code).toBe(0);

  await pulls(atWork, "work");
  await pulls(own, "personal");
  const healthy = await (await sits(own, "git", "credential-bitbucket", "doctor")).ended();
  expect(healthy.code).toBe(0);
  expect(healthy.screen).toContain("ok       store            keychain: ");
  for (const { raw } of [first, second, healthy])
    for (const { secret } of Object.values(tokens)) expect(raw).not.toContain(secret);
});

test("with Bitbucket's own URLs, the pull itself asks for the second", async () => {
  const { site } = world;
  const own = await cloneOf(
    personal.repository,
    `https://alice@bitbucket.org/${personal.repository}.git`,
  );
  const atWork = await cloneOf(work.repository, `https://bob@bitbucket.org/${work.repository}.git`);
  await world.git(["config", "user.email", work.email], { cwd: atWork });
  await world.git(["credential-bitbucket", "configure"]);
  await seedAccount(world, site.apiToken("alice", { name: "personal" }).secret, {
    kind: "api-token",
    username: "alice",
    email: personal.email,
    emailConfirmed: true,
  });
  await pulls(own, "personal");

  const { secret } = site.apiToken("bob", { name: "work" });
  const person = await sits(atWork, "git", "pull", "--ff-only");
  await person.sees("git needs a Bitbucket token for bitbucket.org/globex/app.git");
  const end = await answers(person, ["Token (not shown): ", secret]);
  expect(end.code).toBe(0);
  expect(end.raw).not.toContain(secret);
  await world.git(["reset", "--quiet", "--hard", "HEAD^"], { cwd: atWork });
  await pulls(atWork, "work");
  await pulls(own, "personal");
});
