// The question in the middle of git's work: a clone asks once, and goes on.
import { chown, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openDesk, type SitOptions } from "../../support/desk.ts";
import type { Pty } from "../../support/pty.ts";

const desk = openDesk();
const question = "Token (not shown): ";

beforeEach(async () => {
  await rm(join(desk.world.work, "api"), { recursive: true, force: true });
});

const clone = (options?: SitOptions): Promise<Pty> =>
  desk.sitsAt(["git", "clone", "--quiet", "https://bitbucket.org/acme/api.git"], options);

test("names the repository, asks the token once, and the clone goes on", async () => {
  await desk.world.git(["config", "--global", "user.email", "alice@example.com"]);
  const { secret } = desk.world.site.apiToken("alice");
  const person = await clone({ stdout: "file" });
  await person.sees(question);
  person.types(`${secret}\r`);
  const end = await desk.leaves(person, [secret]);
  await desk.world.git(["config", "--global", "--unset", "user.email"]);
  expect(end.screen).toBe(
    `git needs a Bitbucket token for bitbucket.org/acme/api.git
Make one at https://id.atlassian.com/manage-profile/security/api-tokens
with "Create API token with scopes", app Bitbucket, scopes read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket
Token (not shown): 
stored as account 'alice': user API token, every repository
`,
  );
  expect(end.stdout).toBe("");
  expect(end.code).toBe(0);
  expect(await desk.accounts()).toMatchObject([
    { name: "alice", email: "alice@example.com", emailConfirmed: true, state: "approved" },
  ]);
  const next = await desk.world.git(["clone", "--quiet", "https://bitbucket.org/acme/web.git"]);
  expect(next).toMatchObject({ exitCode: 0, stderr: "" });
});

test.each<[title: string, folder: () => Promise<string>]>([
  ["is empty", async () => ""],
  ["is not there", async () => join(desk.world.work, "nowhere")],
  ["is no absolute path", async () => "run"],
  ["is another user's", foreignFolder],
])("asks where XDG_RUNTIME_DIR %s", async (_title, folder) => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const person = await clone({ env: { XDG_RUNTIME_DIR: await folder() } });
  await person.sees(question);
  person.types(`${secret}\r`);
  expect((await desk.leaves(person, [secret])).code).toBe(0);
  expect(await desk.accounts()).toMatchObject([{ name: "acme", state: "approved" }]);
});

async function foreignFolder(): Promise<string> {
  const folder = join(desk.world.work, "foreign");
  await mkdir(folder, { mode: 0o700, recursive: true });
  // Only root can give it away; for others it is a folder of their own.
  if (process.getuid?.() === 0) await chown(folder, 65_534, 65_534);
  return folder;
}

test("asks for the email only when the guess is not believed", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const person = await clone();
  await person.sees(question);
  person.types(`${secret}\r`);
  await person.sees("Email of your Atlassian account: ");
  person.types("alice@example.com\r");
  expect((await desk.leaves(person, [secret])).code).toBe(0);
  expect(await desk.accounts()).toMatchObject([{ email: "alice@example.com", state: "approved" }]);
});

test.each([
  ["repository", { workspace: "acme", repository: "api" }],
  ["project", { workspace: "acme", project: "CORE" }],
  ["workspace", { workspace: "acme" }],
] as const)("learns from Bitbucket that it is a %s access token", async (level, covers) => {
  const { secret } = desk.world.site.accessToken(covers);
  const person = await clone();
  await person.sees(question);
  person.types(`${secret}\r`);
  expect((await desk.leaves(person, [secret])).code).toBe(0);
  expect(await desk.accounts()).toMatchObject([{ scope: { level, ...covers }, state: "approved" }]);
});

test("three tries, each with the reason; then git is told to stop and does not ask itself", async () => {
  const revoked = desk.world.site.accessToken({ workspace: "acme" });
  desk.world.site.revoke(revoked);
  const elsewhere = desk.world.site.accessToken({ workspace: "globex", repository: "lib" });
  const dead = desk.world.site.appPassword("alice");
  const person = await clone();
  for (const { secret } of [revoked, elsewhere, dead]) {
    await person.sees(question);
    person.types(`${secret}\r`);
  }
  const end = await desk.leaves(person, [revoked.secret, elsewhere.secret, dead.secret]);
  expect(end.screen).toContain(
    `${question}\nbitbucket rejected the token (401): it is revoked or expired\n` +
      `${question}\nthe token does not see acme/api: the name is wrong or the token is for something else\n` +
      `${question}\napp passwords stopped working on 28 July 2026\n`,
  );
  expect(end.screen).toContain("told us to quit");
  expect(end.screen).not.toContain("Username for");
  expect(end.code).toBe(128);
  expect(await desk.accounts()).toEqual([]);
});

test("Ctrl-C ends git's asking, too", async () => {
  const person = await clone();
  await person.sees(question);
  person.types("\u0003");
  const end = await desk.leaves(person, []);
  expect(end.screen).toContain("told us to quit");
  expect(end.screen).not.toContain("Username for");
  expect(end.code).toBe(128);
});

test("a rejected account is renewed in place", async () => {
  const first = desk.world.site.accessToken({ workspace: "acme" });
  await desk.runs(
    ["login", "--with-token", "--account", "work", "--workspace", "acme"],
    first.secret,
  );
  desk.world.site.revoke(first);
  await desk.runs(["status", "--check"]);
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const person = await clone();
  await person.sees("git needs a new token of account 'work' for bitbucket.org/acme/api.git\n");
  await person.sees(question);
  person.types(`${secret}\r`);
  expect((await desk.leaves(person, [secret])).code).toBe(0);
  expect(await desk.accounts()).toMatchObject([
    { name: "work", state: "approved", scope: { level: "workspace", workspace: "acme" } },
  ]);
});

test("masks what a URL could do to the screen", async () => {
  const url = "https://bitbucket.org/acme/%1b%5b2Japi%e2%80%ae.git";
  const person = await desk.sitsAt(["git", "clone", "--quiet", url]);
  await person.sees("fatal: ");
  const end = await desk.leaves(person, []);
  expect(end.raw).not.toContain("\u001b[2J");
  expect(end.raw).not.toContain("\u202e");
});

test.each([
  ["GIT_TERMINAL_PROMPT=0", { GIT_TERMINAL_PROMPT: "0" }],
  ["CI", { CI: "1", GIT_TERMINAL_PROMPT: "0" }],
  [
    "a GIT_ASKPASS program, which git asks instead",
    { GIT_ASKPASS: "/bin/false", GIT_TERMINAL_PROMPT: "0" },
  ],
] as const)("asks nothing with %s", async (_title, env) => {
  const person = await clone({ env });
  const end = await desk.leaves(person, []);
  expect(end.screen).not.toContain("token");
  expect(end.code).toBe(128);
});

test("asks nothing when credential.interactive is false", async () => {
  // Older gits do not know that setting and ask by themselves: here a program that knows nothing.
  const settings = ["-c", "credential.interactive=false", "-c", "core.askPass=/bin/true"];
  const url = "https://bitbucket.org/acme/api.git";
  const person = await desk.sitsAt(["git", ...settings, "clone", "--quiet", url]);
  const end = await desk.leaves(person, []);
  expect(end.screen).not.toContain("token");
  expect(end.code).toBe(128);
});

test("of several git processes at once, one asks and all get the answer", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const both =
    "for name in web tools; do git clone --quiet https://bitbucket.org/acme/$name.git both/$name & done; wait";
  const person = await desk.sitsAt(["sh", "-c", both]);
  await person.sees(question);
  person.types(`${secret}\r`);
  const end = await desk.leaves(person, [secret]);
  expect(end.screen.match(/Token \(not shown\)/gu)).toHaveLength(1);
  expect(await desk.accounts()).toMatchObject([{ name: "acme" }]);
  const { exitCode } = await desk.world.run("test", [
    "-d",
    "both/web/.git",
    "-a",
    "-d",
    "both/tools/.git",
  ]);
  expect(exitCode).toBe(0);
});

test("a token in the username's place is no username: a secret of unknown kind asks for one", async () => {
  const { secret } = desk.world.site.apiToken("alice");
  const ask = 'printf "protocol=https\\nhost=bitbucket.org\\nusername=$1\\n"';
  const command = `${ask} | git-credential-bitbucket get`;
  const person = await desk.sitsAt(["sh", "-c", command, "sh", secret]);
  await person.sees(question);
  person.types("opaque-secret-of-mine\r");
  await person.sees("Go on with it? (y/n)");
  person.types("y\r");
  await person.sees("Your Bitbucket username");
  person.types("carol\r");
  await desk.leaves(person, [secret]);
  expect(await desk.accounts()).toMatchObject([{ gitUsername: "carol" }]);
});

test("for another server's host BITBUCKET_TOKEN is as if it were not set, and Bitbucket hears nothing", async () => {
  await desk.world.git(["config", "--global", "credential.bitbucketHosts", "git.example.com"]);
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  const ask = 'printf "protocol=https\\nhost=git.example.com\\nusername=carol\\n"';
  const person = await desk.sitsAt(["sh", "-c", `${ask} | git-credential-bitbucket get`], {
    env: { BITBUCKET_TOKEN: secret },
    stdout: "file",
  });
  await person.sees("git needs a Bitbucket token for git.example.com");
  person.types("its own secret\r");
  await person.sees("Go on with it? (y/n)");
  person.types("y\r");
  const end = await desk.leaves(person, [secret]);
  await desk.world.git(["config", "--global", "--unset", "credential.bitbucketHosts"]);
  expect(end.stdout).toBe("username=carol\npassword=its own secret\n");
  expect(await desk.accounts()).toMatchObject([{ host: "git.example.com", gitUsername: "carol" }]);
  expect(desk.world.restLog()).toEqual([]);
});
