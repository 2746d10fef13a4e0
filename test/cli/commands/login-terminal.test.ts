// login at a terminal: what is asked, what is offered, and that no token is ever shown.
import { readFileSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDesk } from "../../support/desk.ts";
import type { Pty } from "../../support/pty.ts";
import { waitFor } from "../../support/wait.ts";

const desk = openDesk();
const hiddenQuestion = "Token (not shown): ";
const inAYear = new Date(Date.now() + 365 * 86_400_000).toISOString().slice(0, 10);

async function answers(
  person: Pty,
  ...pairs: readonly (readonly [question: string, keys: string])[]
) {
  for (const [question, keys] of pairs) {
    await person.sees(question);
    person.types(`${keys}\r`);
  }
}

/** A repository with this remote, to stand in. */
async function repository(name: string, url: string): Promise<string> {
  const cwd = join(desk.world.work, name);
  await desk.world.git(["init", "--quiet", cwd]);
  await desk.world.git(["remote", "add", "origin", url], { cwd });
  return cwd;
}

test("says how to make a token, then asks what it cannot know", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const person = await desk.sits(["login"], { stdout: "file" });
  await answers(
    person,
    [hiddenQuestion, secret],
    ["Email of your Atlassian account: ", "alice@example.com"],
    ["expires on", ""],
  );
  const end = await desk.leaves(person, [secret]);
  expect(end.screen).toBe(
    `Make a token for Bitbucket:
  1. open https://id.atlassian.com/manage-profile/security/api-tokens
  2. press "Create API token with scopes", not "Create API token"
  3. choose the app Bitbucket
  4. tick read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket
An access token of a repository, project or workspace does as well.
Token (not shown): 
Email of your Atlassian account: alice@example.com
It expires on (a date, 90d or never) [${inAYear}]: 
`,
  );
  expect(end.stdout).toContain(
    "the token is stored as account 'alice' in the file store, since no keychain answers\n",
  );
  expect(end.stdout).not.toContain("\u001b");
  expect(end.code).toBe(0);
  expect(await desk.accounts()).toMatchObject([
    { name: "alice", state: "approved", expires: `${inAYear}T23:59:59.000Z` },
  ]);
});

test("offers git's email, and takes what was meant as a pasted line", async () => {
  const cwd = await repository("offers", "https://bitbucket.org/acme/api.git");
  await desk.world.git(["config", "user.email", "alice@example.com"], { cwd });
  const { secret } = desk.world.site.apiToken("alice");
  const person = await desk.sits(["login"], { cwd });
  await person.sees(hiddenQuestion);
  person.types(`\u001b[200~${secret}\n\u001b[201~\r`);
  await answers(person, ["account [alice@example.com]: ", ""], ["expires on", "never"]);
  const end = await desk.leaves(person, [secret]);
  expect(end.screen).toContain("bitbucket accepts the token of Alice: fetch and push work\n");
  expect(await desk.accounts()).toMatchObject([{ email: "alice@example.com" }]);
});

test.each([
  [
    "repository",
    { workspace: "acme", repository: "api" },
    "A repository access token; the repository is (WORKSPACE/REPOSITORY) [acme/api]: ",
  ],
  [
    "project",
    { workspace: "acme", project: "CORE" },
    "A project access token; the project is (WORKSPACE/KEY) [acme/CORE]: ",
  ],
  ["workspace", { workspace: "acme" }, "A workspace access token; the workspace is [acme]: "],
] as const)(
  "offers what the %s access token is for, from the remote and from Bitbucket",
  async (level, covers, question) => {
    const cwd = await repository(`offers-${level}`, "git@bitbucket.org:acme/api.git");
    const { secret } = desk.world.site.accessToken(covers);
    const person = await desk.sits(["login"], { cwd });
    await answers(person, [hiddenQuestion, secret], [question, ""]);
    await desk.leaves(person, [secret]);
    expect(await desk.accounts()).toMatchObject([
      { scope: { level, ...covers }, state: "approved" },
    ]);
  },
);

test("offers no repository that the token does not see, and asks again what names nothing", async () => {
  const cwd = await repository("elsewhere", "https://bitbucket.org/globex/lib.git");
  const { secret } = desk.world.site.accessToken({ workspace: "acme", repository: "api" });
  const person = await desk.sits(["login"], { cwd });
  const question = "the repository is (WORKSPACE/REPOSITORY): ";
  await answers(person, [hiddenQuestion, secret], [question, "api"], [question, "acme/api"]);
  const end = await desk.leaves(person, [secret]);
  expect(end.screen).toContain("--repository wants WORKSPACE/REPOSITORY, such as acme/api\n");
  expect(end.code).toBe(0);
  expect(await desk.accounts()).toMatchObject([{ name: "acme-api" }]);
});

test("asks for a repository or a workspace when Bitbucket does not say which", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const person = await desk.sits(["login", "--no-validate"]);
  const question = "It is for (WORKSPACE/REPOSITORY, or a whole WORKSPACE): ";
  await answers(person, [hiddenQuestion, secret], [question, "acme"]);
  await desk.leaves(person, [secret]);
  expect(await desk.accounts()).toMatchObject([
    { scope: { level: "workspace", workspace: "acme" } },
  ]);
});

test("a second person's token gets a workspace of its own", async () => {
  await desk.runs(
    ["login", "--with-token", "--email", "alice@example.com"],
    desk.world.site.apiToken("alice").secret,
  );
  const { secret } = desk.world.site.apiToken("bob");
  const person = await desk.sits(["login", "--email", "bob@example.com", "--expires", "never"]);
  await answers(person, [hiddenQuestion, secret], ["Workspace to use this token for: ", "globex"]);
  const end = await desk.leaves(person, [secret]);
  expect(end.screen).toContain("account 'alice' answers for every repository already\n");
  expect(await desk.accounts()).toMatchObject([
    { name: "alice", scope: { level: "host" } },
    { name: "globex", username: "bob", scope: { level: "workspace", workspace: "globex" } },
  ]);
});

test("doubts a damaged token and goes on only when told to", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const damaged = `${secret.slice(0, 50)}x${secret.slice(51)}`;
  const person = await desk.sits(["login"]);
  await answers(person, [hiddenQuestion, damaged], ["Go on with it? (y/n) [n]: ", ""]);
  const end = await desk.leaves(person, [damaged, secret]);
  expect(end.screen).toContain("its checksum does not match");
  expect(end.screen).toContain("git-credential-bitbucket: nothing is stored\n");
  expect(end.code).toBe(130);
  expect(desk.world.log()).toEqual([]);

  const again = await desk.sits(["login", "--email", "alice@example.com"]);
  await answers(again, [hiddenQuestion, damaged], ["Go on with it? (y/n) [n]: ", "y"]);
  const rejected = await desk.leaves(again, [damaged]);
  expect(rejected.screen).toContain("error: bitbucket rejected the token (401)");
  expect(rejected.code).toBe(1);
  expect(await desk.accounts()).toEqual([]);
});

test("a renewal says whose token it wants and asks no more than that and its end", async () => {
  const first = desk.world.site.apiToken("alice");
  await desk.runs(
    ["login", "--with-token", "--account", "work", "--email", "alice@example.com"],
    first.secret,
  );
  const { secret } = desk.world.site.apiToken("alice");
  const person = await desk.sits(["login", "--account", "work"]);
  await answers(person, [hiddenQuestion, secret], ["expires on", "90d"]);
  const end = await desk.leaves(person, [secret]);
  expect(end.screen).toContain("A new token for account 'work'.\n");
  expect(end.screen).not.toContain("Email of");
  expect(end.screen).toContain("account 'work' has its new token, kept in the file store\n");
  expect(await desk.accounts()).toMatchObject([{ name: "work", username: "alice" }]);
});

test.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
])("%s stores nothing", async (_title, key) => {
  const person = await desk.sits(["login"]);
  await person.sees(hiddenQuestion);
  person.types(key);
  const end = await desk.leaves(person, []);
  expect(end.screen).toMatch(/\ngit-credential-bitbucket: cancelled\n$/u);
  expect(end.code).toBe(130);
  expect(await desk.accounts()).toEqual([]);
});

test("killed at the question, it leaves the terminal as it was", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const person = await desk.sits(["login"]);
  await person.sees(hiddenQuestion);
  const pid = await person.pid();
  const before = bytesRead(pid);
  person.types(secret.slice(0, 100));
  // Nothing on the screen says that it has come, and what comes after the end is shown by the terminal itself.
  await waitFor(() => bytesRead(pid) >= before + 100);
  process.kill(pid, "SIGTERM");
  const end = await desk.leaves(person, [secret.slice(0, 20)]);
  expect(end.code).toBe(128 + 15);
});

test.each([
  ["GIT_TERMINAL_PROMPT=0", { GIT_TERMINAL_PROMPT: "0" }],
  ["CI", { CI: "true" }],
])("asks nothing with %s", async (_title, env) => {
  const person = await desk.sits(["login"], { env });
  const end = await desk.leaves(person, []);
  expect(end.screen).toContain(
    "error: GIT_TERMINAL_PROMPT, credential.interactive or CI forbids to ask for a token\n",
  );
  expect(end.code).toBe(1);
});

test("--with-token does not read a terminal, where the token would be seen", async () => {
  const person = await desk.sits(["login", "--with-token"]);
  const end = await desk.leaves(person, []);
  expect(end.screen).toBe(
    "git-credential-bitbucket: error: --with-token reads standard input, which is the terminal here\n" +
      "git-credential-bitbucket: hint: git credential-bitbucket login\n",
  );
  expect(end.code).toBe(2);
});

test("opens the page when asked to, and not over SSH", async () => {
  const bin = join(desk.world.work, "bin");
  await mkdir(bin, { recursive: true });
  const opened = join(desk.world.work, "opened");
  const browser = join(bin, "xdg-open");
  await writeFile(
    browser,
    `#!/bin/sh\nprintf '%s %s' "$BITBUCKET_TOKEN" "$*" >${opened}.part && mv ${opened}.part ${opened}\n`,
  );
  await chmod(browser, 0o755);
  const env = {
    DISPLAY: ":0",
    PATH: `${bin}:${desk.world.env["PATH"] ?? ""}`,
    BITBUCKET_TOKEN: "ATCTenvironment",
  };
  const question = "Open that page in the browser? (y/n) [n]: ";

  const person = await desk.sits(["login"], { env });
  await answers(person, [question, "y"]);
  await person.sees(hiddenQuestion);
  await expect
    .poll(() => readFile(opened, "utf8").catch(() => ""), { timeout: 20_000 })
    .toBe(" https://id.atlassian.com/manage-profile/security/api-tokens");
  person.types("\u0003");
  await desk.leaves(person, []);

  const remote = await desk.sits(["login"], {
    env: { ...env, SSH_CONNECTION: "192.0.2.1 1 192.0.2.2 22" },
  });
  await remote.sees(hiddenQuestion);
  remote.types("\u0003");
  expect((await desk.leaves(remote, [])).screen).not.toContain(question);
});

/** Since the start of the process, from whatever it has open. proc(5). */
function bytesRead(pid: number): number {
  return Number(/^rchar: (\d+)$/mu.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}
