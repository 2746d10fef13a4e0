// A token in a username's place, where other hosts want it: it is known by its shape, and nobody sees or keeps it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStory, type Story } from "../real-git/story.ts";
import { registryOf } from "../support/seed.ts";

const plain = "https://bitbucket.org/acme/api.git";

/** What was printed or written, and no token in it. */
async function expectHidden(story: Story, secret: string, ...texts: readonly string[]) {
  for (const text of texts) {
    expect(text).not.toContain(secret);
    expect(text.toLowerCase()).not.toContain(secret.toLowerCase().slice(0, 40));
    expect(text).not.toContain("internal error");
  }
  const found = await story.run("grep", ["-rliF", secret, story.home]);
  expect(found.stdout).toBe("");
}

test.each(["api", "access", "app", "oauth"] as const)(
  "the commands name it nowhere: %s",
  async (kind) => {
    const story = await openStory();
    const { site } = story;
    const made = {
      api: () => site.apiToken("alice"),
      access: () => site.accessToken({ workspace: "acme" }),
      app: () => site.appPassword("alice"),
      oauth: () => site.oauthToken("alice", { characters: 600 }),
    };
    const { secret } = made[kind]();
    const url = `https://${encodeURIComponent(secret)}@bitbucket.org/acme/api.git`;
    const words: readonly (readonly [readonly string[], number])[] = [
      [["logout", secret], 1],
      [["explain", url], 0],
      [["explain", "--json", url], 0],
      [["explain", `https://${secret}:x-oauth-basic@bitbucket.org/acme/api`], 0],
      [["explain", `https://bitbucket.org/${secret.slice(0, 60)}/api`], 0],
      [["explain", secret], 2],
      [["status", secret], 2],
      [["help", secret], 2],
      [["completion", secret], 2],
      [["daemon", secret], 2],
      [["migrate", "--in", secret], 2],
      [["login", "--with-token", `--${secret}`], 2],
      ...[
        "account",
        "username",
        "email",
        "workspace",
        "project",
        "repository",
        "store",
        "expires",
      ].map((option) => [["login", "--with-token", `--${option}`, secret], 2] as const),
    ];
    for (const [args, code] of words) {
      const { stdout, stderr, exitCode } = await story.helper(args, { input: `${secret}\n` });
      expect([args[0], exitCode, stderr]).toEqual([args[0], code, expect.any(String)]);
      await expectHidden(story, secret, stdout, stderr);
    }
    expect(await registryOf(story).read()).toEqual([]);
    // Answers of this file from the daemon's memory.
    await story.login(site.apiToken("alice", { name: "own" }), ["--email=alice@example.com"]);
    for (const folder of ["one", "two"]) await story.clone(plain, folder);
  },
);

test("git's operations pass it over, and log nothing of it", async () => {
  const log = "log.jsonl";
  const story = await openStory();
  const { site } = story;
  const env = {
    GIT_CREDENTIAL_BITBUCKET_LOG_LEVEL: "trace",
    GIT_CREDENTIAL_BITBUCKET_LOG_FILE: join(story.work, log),
  };
  await story.login(site.apiToken("alice", { name: "own" }), ["--email=alice@example.com"]);
  const before = await registryOf(story).read();
  const { secret } = site.apiToken("alice");
  const place = ["protocol=https", "host=bitbucket.org", "path=acme/api.git", `username=${secret}`];
  for (const password of ["x-oauth-basic", secret, ""])
    for (const operation of ["store", "erase"]) {
      const input = [...place, `password=${password}`, ""].join("\n");
      const result = await story.helper([operation], { input, env });
      expect(result).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    }
  expect(await registryOf(story).read()).toEqual(before);

  // Whoever the URL was meant for, an account of the person's answers, and the name stays git's own affair.
  const fetched = await story.git(["ls-remote", plain.replace("//", `//${secret}@`)], { env });
  expect(fetched.exitCode).toBe(0);
  const configured = ["-c", `credential.username=${secret}`, "ls-remote", plain];
  expect((await story.git(configured, { env })).exitCode).toBe(0);
  await expectHidden(story, secret, await readFile(join(story.work, log), "utf8"));
  for (const folder of ["one", "two"]) await story.clone(plain, folder);
});

test("a first use whose URL has it there asks without showing or keeping it", async () => {
  const story = await openStory();
  const { secret } = story.site.apiToken("alice");
  const asked = await story.git(["ls-remote", plain.replace("//", `//${secret}@`)]);
  expect(asked.exitCode).toBe(128);
  const ours = asked.stderr
    .split("\n")
    .filter((line) => line.startsWith("git-credential-bitbucket:"));
  await expectHidden(story, secret, ...ours);
});
