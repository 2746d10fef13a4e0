// BITBUCKET_TOKEN is Bitbucket's own: whatever hosts the settings name, it goes to bitbucket.org and to nobody else.
import { expect, test } from "vitest";
import { credentials, openStory, type Story } from "../real-git/story.ts";
import { registryOf, seedAccount } from "../support/seed.ts";

const hosts = { "credential.bitbucketHosts": "git.example.com git.example.com:8443" };

async function call(story: Story, operation: string, host: string, ...lines: readonly string[]) {
  const input = ["protocol=https", `host=${host}`, "path=acme/api.git", ...lines, ""].join("\n");
  const env = { BITBUCKET_TOKEN: token(story) };
  return await story.helper([operation], { input, env });
}

const tokens = new WeakMap<Story, string>();

function token(story: Story): string {
  const known =
    tokens.get(story) ?? story.site.accessToken({ workspace: "acme" }, { name: "job" }).secret;
  tokens.set(story, known);
  return known;
}

test("git gets it for bitbucket.org and www.bitbucket.org", async () => {
  const story = await openStory({ gitConfig: hosts });
  const env = { BITBUCKET_TOKEN: token(story) };
  await story.succeed(["ls-remote", "https://bitbucket.org/acme/api.git"], { env });
  expect(credentials(story.gitLog())).toEqual(["x-token-auth job"]);
  const { stdout } = await call(story, "get", "www.bitbucket.org");
  expect(stdout).toBe(`username=x-token-auth\npassword=${token(story)}\n`);
  // Answers of this file from the daemon's memory, without the variable, which asks the helper itself.
  await story.login(story.site.apiToken("alice", { name: "own" }), ["--email=alice@example.com"]);
  for (const folder of ["one", "two"])
    await story.clone("https://bitbucket.org/acme/api.git", folder);
});

test.each(["git.example.com", "git.example.com:8443"])(
  "%s, which the settings name, is answered as if it were not set",
  async (host) => {
    const story = await openStory({ gitConfig: hosts });
    expect(await call(story, "get", host)).toMatchObject({ stdout: "", stderr: "" });
    await seedAccount(story, "its own secret", {
      name: "elsewhere",
      kind: "unknown",
      host,
      gitUsername: "alice",
    });
    const answer = "username=alice\npassword=its own secret\n";
    expect((await call(story, "get", host)).stdout).toBe(answer);
    // Its refusal there says nothing about the token.
    const refused = ["username=x-token-auth", `password=${token(story)}`];
    expect((await call(story, "erase", host, ...refused)).stderr).toBe("");
    await call(story, "store", host, ...refused);
    expect(await registryOf(story).read()).toHaveLength(1);

    const env = { BITBUCKET_TOKEN: token(story) };
    const url = `https://${host}/acme/api.git`;
    const { stdout } = await story.helper(["explain", url], { env });
    expect(stdout).toContain("account 'elsewhere' answers");
    expect(
      (await story.helper(["explain", "https://bitbucket.org/x/y"], { env })).stdout,
    ).toContain("BITBUCKET_TOKEN goes before every account");
    const status = await story.helper(["status"], { env });
    expect(status.stdout).toContain("every repository of bitbucket.org, before every account\n");
    const memory = await story.helper(["get"], {
      input: `protocol=https\nhost=${host}\n`,
    });
    expect(memory.stdout).toBe(answer);
    for (const time of [1, 2])
      expect(
        (await story.helper(["get"], { input: `protocol=https\nhost=${host}\n` })).stdout,
      ).toBe(time === 0 ? "" : answer);
  },
);

test("a secret of another server is never sent to Bitbucket's REST interface", async () => {
  const story = await openStory({ gitConfig: hosts });
  const { secret } = story.site.accessToken({ workspace: "acme" });
  await seedAccount(story, secret, {
    name: "elsewhere",
    kind: "access-token",
    host: "git.example.com",
    state: "unverified",
  });
  const { stdout } = await call(story, "get", "git.example.com");
  expect(stdout).toContain(secret);
  await story.helper(["status", "--check"]);
  expect(story.restLog()).toEqual([]);
  await story.login(story.site.apiToken("alice", { name: "own" }), ["--email=alice@example.com"]);
  for (const folder of ["one", "two"])
    await story.clone("https://bitbucket.org/acme/api.git", folder);
});

test.each(["unset", "empty", "relative"])("git gets it in a job whose HOME is %s", async (home) => {
  const story = await openStory();
  const values = { unset: [], empty: ["HOME="], relative: ["HOME=somewhere"] };
  const folders = ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"];
  const without = folders.flatMap((name) => ["-u", name]);
  const words = [...without, ...(values[home as keyof typeof values] ?? []), story.front, "get"];
  const input = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";
  const none = await story.run("env", words, { input, cwd: story.work });
  expect(none.stdout).toBe("");
  expect(none.stderr).toContain("HOME is not set, so there is no place for accounts");
  const env = { BITBUCKET_TOKEN: token(story) };
  expect(await story.run("env", words, { input, env, cwd: story.work })).toMatchObject({
    stdout: `username=x-token-auth\npassword=${token(story)}\n`,
    stderr: "",
  });
  const elsewhere = input.replace("bitbucket.org", "git.example.com");
  expect((await story.run("env", words, { input: elsewhere, env, cwd: story.work })).stdout).toBe(
    "",
  );
});
