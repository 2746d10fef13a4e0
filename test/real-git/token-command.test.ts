// Accounts whose token a command prints: 1Password's `op read`, and a stand-in that does as it does.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openStory, type Story } from "./story.ts";

let story: Story;
let program: string;
let vault: string;
let calls: string;

beforeEach(async () => {
  story = await openStory();
  const folder = join(story.work, "bin");
  await mkdir(folder);
  program = join(folder, "op");
  vault = join(story.work, "vault");
  calls = join(story.work, "calls");
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$*" >>${calls}\ncat ${vault}\n`);
  await chmod(program, 0o755);
});

async function logIn(...options: readonly string[]) {
  const folders = `${join(story.work, "bin")}:${story.env["PATH"]}`;
  const command = "op read 'op://work/bitbucket cloud/token'";
  return await story.helper(["login", `--command=${command}`, ...options], {
    env: { PATH: folders },
  });
}

async function callsOf(): Promise<number> {
  return (await readFile(calls, "utf8")).trimEnd().split("\n").length;
}

test("from login to logout, and nothing is kept", async () => {
  const token = story.site.apiToken("alice", { name: "T" });
  // What comes behind the first line is no token.
  await writeFile(vault, `${token.secret}\nuser: alice\n`);
  const login = await logIn("--email=alice@example.com", "--account=work");
  expect(login).toMatchObject({ exitCode: 0, stderr: "" });
  expect(login.stdout).toContain(`command       ${program} read 'op://work/bitbucket cloud/token'`);
  // PATH is not asked again.
  const clone = await story.clone("https://bitbucket.org/acme/api.git", "api");
  await story.succeed(["fetch"], { cwd: clone });
  expect(story.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });
  expect(await readFile(calls, "utf8")).toMatch(
    /^(?:read op:\/\/work\/bitbucket cloud\/token\n)+$/u,
  );

  const { accounts } = await story.status();
  const command = [program, "read", "op://work/bitbucket cloud/token"];
  expect(accounts).toMatchObject([{ name: "work", store: "command", command, state: "approved" }]);
  expect((await story.helper(["doctor"])).stdout).toContain("command: 1 command prints its token");
  const found = await story.run("grep", ["-rlF", token.secret, story.home]);
  expect(found.stdout).toBe("");

  const logout = await story.helper(["logout", "work"]);
  expect(logout.stdout).toContain(
    `account 'work' is forgotten; its secret is still there for: ${program} read`,
  );
  expect(await readFile(vault, "utf8")).toContain(token.secret);
  expect((await story.status()).accounts).toEqual([]);
});

test("a token that is not accepted makes no account", async () => {
  const token = story.site.apiToken("alice");
  story.site.revoke(token);
  await writeFile(vault, token.secret);
  const login = await logIn("--email=alice@example.com");
  expect(login.exitCode).toBe(1);
  expect(login.stderr).toContain("error: bitbucket rejected the token");
  expect((await story.status()).accounts).toEqual([]);
});

test("a new token behind the command is checked, and serves where the old one has ended", async () => {
  const first = story.site.apiToken("alice", { name: "one" });
  await writeFile(vault, first.secret);
  await logIn("--email=alice@example.com", "--account=work", "--expires=never");
  const clone = await story.clone("https://bitbucket.org/acme/api.git", "api");
  story.site.revoke(first);
  await story.helper(["status", "--check"]);
  expect((await story.status()).accounts).toMatchObject([{ name: "work", state: "rejected" }]);
  await writeFile(vault, story.site.apiToken("alice", { name: "two" }).secret);
  story.forgetLog();
  await story.succeed(["fetch"], { cwd: clone });
  expect(story.restLog().length).toBeGreaterThan(0);
  expect(story.gitLog().at(-1)).toMatchObject({ token: "two", status: 200 });
  expect((await story.status()).accounts).toMatchObject([{ name: "work", state: "approved" }]);
});

test("a command that fails is no missing token, and nothing it printed is shown", async () => {
  const token = story.site.apiToken("alice", { name: "T" });
  await writeFile(vault, token.secret);
  await logIn("--email=alice@example.com", "--account=work");
  await writeFile(program, `#!/bin/sh\necho ${token.secret}; echo ${token.secret} >&2; exit 3\n`);
  await story.helper(["daemon", "lock"]);
  await story.helper(["daemon", "unlock"]);
  const fetch = await story.git(["ls-remote", "https://bitbucket.org/acme/api.git"]);
  expect(fetch.stderr).toContain(`error: the command ${program} failed (exit code 3)`);
  expect(fetch.stderr).toContain(
    `hint: ${program} read 'op://work/bitbucket cloud/token' >/dev/null`,
  );
  expect(fetch.stdout + fetch.stderr).not.toContain(token.secret);
  expect((await story.status()).accounts).toMatchObject([{ name: "work", state: "approved" }]);
  const doctor = await story.helper(["doctor"]);
  expect(doctor.stdout + doctor.stderr).not.toContain(token.secret);
  expect(doctor.stdout).toContain("bin/op failed (exit code 3)");
});

test("the daemon answers without the command", async () => {
  await writeFile(vault, story.site.apiToken("alice", { name: "T" }).secret);
  await logIn("--email=alice@example.com", "--account=work");
  const clone = await story.clone("https://bitbucket.org/acme/api.git", "api");
  const before = await callsOf();
  for (let time = 0; time < 3; time += 1) await story.succeed(["fetch"], { cwd: clone });
  expect((await callsOf()) - before).toBeLessThanOrEqual(
    (await story.helper(["daemon", "status"])).exitCode === 0 ? 0 : 3,
  );
});
