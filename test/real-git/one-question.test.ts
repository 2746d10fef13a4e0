// Many git processes at one terminal, and nobody has a token yet: the person is asked once, and all go on with the answer.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { commandsOf } from "../support/leftovers.ts";
import { openPty, type Pty, type PtyEnd } from "../support/pty.ts";
import { waitFor } from "../support/wait.ts";
import { credentials, openStory, type Story } from "./story.ts";

const question = "Token (not shown): ";
const names = ["api", "web", "tools"] as const;
const urlOf = (name: string) => `https://bitbucket.org/acme/${name}.git`;

let story: Story;

beforeEach(async () => {
  story = await openStory({ gitConfig: { "user.email": "alice@example.com" } });
});

function sits(script: string): Promise<Pty> {
  const { GIT_TERMINAL_PROMPT: _, ...env } = story.env;
  return openPty({ command: story.command(["sh", "-c", script]), env, cwd: story.work });
}

/**
 * Fetches into three repositories at once; says of each how it ended.
 * @param pause of the shell behind the first of them.
 */
async function fetchesAll(pause = ":"): Promise<Pty> {
  for (const name of names) {
    await story.succeed(["init", "--quiet", name]);
    await story.succeed(["remote", "add", "origin", urlOf(name)], { cwd: join(story.work, name) });
  }
  return await sits(`
    for name in ${names.join(" ")}; do
      { git -C $name fetch --quiet; echo "$name ended with $?"; } &
      [ "$name" != ${names[0]} ] || ${pause}
    done
    wait`);
}

/** Until two wait for the answer of who asks: at the daemon or, without one, at the lock. */
async function untilOthersWait(): Promise<void> {
  const clients = new Set<number>();
  await waitFor(async () => {
    for (const [pid, command] of await commandsOf(story.home))
      if (command.includes("credential-cache --socket")) clients.add(pid);
    const runtime = await readdir(
      join(story.env["XDG_RUNTIME_DIR"] ?? "", "git-credential-bitbucket"),
    );
    const atLock = runtime.filter((name) => name.startsWith("login.lock."));
    // The daemon has let both ask a second time: it knows that they wait.
    return clients.size >= 5 || atLock.length === 2;
  });
}

function expectOneQuestion({ screen, modesBefore, modesAfter }: PtyEnd): void {
  expect(screen.split(question)).toHaveLength(2);
  expect(screen.match(/git needs a Bitbucket token/gu)).toHaveLength(1);
  expect(screen).not.toContain("Username for");
  // Not as who came later found it: raw, with the question open.
  expect(modesAfter).toBe(modesBefore);
}

/** The token was checked at Bitbucket once, and let all three in. */
async function expectOneLogin({ raw }: PtyEnd, secret: string): Promise<void> {
  expect(raw).not.toContain(secret);
  expect(story.restLog().map(({ path }) => path.split("?")[0])).toEqual([
    "/2.0/user",
    expect.stringMatching(/^\/2\.0\/repositories\/acme\/(?:api|web|tools)$/u),
  ]);
  expect(credentials(story.gitLog())).toEqual(["x-bitbucket-api-token-auth T"]);
  expect(await story.status()).toMatchObject({ accounts: [{ name: "alice", state: "approved" }] });
}

test.each([
  ["three fetches at once", ":"],
  [
    "two fetches that start while the question stands",
    'until [ -e "$HOME/go" ]; do sleep 0.1; done',
  ],
])("%s: one question, one check, and all have the token", async (_title, pause) => {
  const { secret } = story.site.apiToken("alice", { name: "T" });
  const person = await fetchesAll(pause);
  await person.sees(question);
  await writeFile(join(story.home, "go"), "");
  await untilOthersWait();
  person.types(`${secret}\r`);
  const end = await person.ended();
  expectOneQuestion(end);
  for (const name of names) expect(end.screen).toContain(`${name} ended with 0\n`);
  await expectOneLogin(end, secret);
});

test("submodules updated by three jobs: one question, one check, and all are there", async () => {
  const { secret } = story.site.apiToken("alice", { name: "T" });
  await story.succeed(["init", "--quiet", "."]);
  for (const name of names) {
    const target = { workspace: "acme", repository: name, part: "repository" } as const;
    const commit = await story.simulator.repositories.git(target, "rev-parse", "HEAD");
    const keys = { path: name, url: urlOf(name) };
    for (const [key, value] of Object.entries(keys))
      await story.succeed(["config", "--file=.gitmodules", `submodule.${name}.${key}`, value]);
    await story.succeed([
      "update-index",
      "--add",
      "--cacheinfo",
      `160000,${commit.trim()},${name}`,
    ]);
  }
  const person = await sits("git submodule --quiet update --init --jobs 3");
  await person.sees(question);
  await untilOthersWait();
  person.types(`${secret}\r`);
  const end = await person.ended();
  expectOneQuestion(end);
  expect(end.code).toBe(0);
  for (const name of names)
    await story.succeed(["rev-parse", "--verify", "HEAD"], { cwd: join(story.work, name) });
  await expectOneLogin(end, secret);
});

test("Ctrl-C: no second question, every fetch fails, and nothing is stored", async () => {
  const person = await fetchesAll();
  await person.sees(question);
  await untilOthersWait();
  person.types("\u0003");
  const end = await person.ended();
  expectOneQuestion(end);
  for (const name of names) expect(end.screen).toContain(`${name} ended with 128\n`);
  expect(story.log().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
  expect(await story.status()).toMatchObject({ accounts: [] });
});
