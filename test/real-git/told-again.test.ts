// A token that is held already, for more than was known of it: typed again for another repository, or reported by git. It is
// never asked for again and again.
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { accountOf, registryOf, seedAccount } from "../support/seed.ts";
import { openStory, type Story } from "./story.ts";

const url = (repository: string): string => `https://bitbucket.org/acme/${repository}.git`;
const repository = (name: string) =>
  ({ level: "repository", workspace: "acme", repository: name }) as const;
const longAgo = new Date(Date.now() - 3 * 86_400_000).toISOString();

/** An askpass program that answers git's own questions, and counts them. */
async function answering(story: Story, secret: string) {
  const program = join(story.work, "askpass");
  const asked = join(story.work, "asked");
  const script = `#!/bin/sh
    echo "$1" >>'${asked}'
    case "$1" in Username*) echo x-token-auth ;; *) echo '${secret}' ;; esac\n`;
  await writeFile(program, script);
  await chmod(program, 0o700);
  return {
    env: { GIT_ASKPASS: program },
    questions: async () => (await readFile(asked, "utf8").catch(() => "")).split("\n").length - 1,
  };
}

describe("typed at git's own question, for one repository and then for another", () => {
  test.each([
    ["a project's, with REST", { workspace: "acme", project: "CORE" }, "first-use", true],
    ["a project's, without checks", { workspace: "acme", project: "CORE" }, "never", true],
    ["a project's, with REST down", { workspace: "acme", project: "CORE" }, "first-use", false],
    ["a workspace's, without checks", { workspace: "acme" }, "never", true],
    ["a workspace's, with REST down", { workspace: "acme" }, "first-use", false],
  ] as const)("%s", async (_title, covers, validate, isUp) => {
    const story = await openStory({ gitConfig: { "credential.bitbucketValidate": validate } });
    if (!isUp) story.simulator.fail({ kind: "status", status: 503 }, { service: "rest" });
    const { env, questions } = await answering(story, story.site.accessToken(covers).secret);
    const counts: number[] = [];
    for (const name of ["api", "web", "api", "web", "api"]) {
      await story.succeed(["ls-remote", url(name)], { env });
      counts.push(await questions());
    }
    // A username and a password for each.
    expect(counts).toEqual([2, 4, 4, 4, 4]);
  });
});

test("once REST is back, what was taken from a path is widened in the background", async () => {
  const story = await openStory();
  const { secret } = story.site.accessToken({ workspace: "acme", project: "CORE" });
  const dates = { validated: longAgo, checked: longAgo };
  const facts = { name: "api", kind: "access-token", scope: repository("api") } as const;
  await seedAccount(story, secret, { ...facts, scopeGuessed: true, ...dates });
  await story.succeed(["ls-remote", url("api")]);
  await expect
    .poll(async () => (await accountOf(story, "api")).scope, { timeout: 20_000 })
    .toEqual({ level: "project", workspace: "acme", project: "CORE" });
  await story.succeed(["ls-remote", url("web")]);
});

test("accounts that hold the same token are no ambiguity", async () => {
  const story = await openStory();
  const { secret } = story.site.accessToken({ workspace: "acme" });
  for (const name of ["api", "web"])
    await seedAccount(story, secret, {
      name,
      kind: "access-token",
      scope: repository(name),
      scopeGuessed: true,
      state: "unverified",
    });
  for (const name of ["api", "web"]) await story.succeed(["ls-remote", url(name)]);
  await story.succeed(["ls-remote", url("tools")]);
  expect(story.gitLog().at(-1)).toMatchObject({ status: 200 });
});

async function report(story: Story, secret: string, path: string) {
  const lines = ["username=x-token-auth", `password=${secret}`, `path=${path}`];
  const input = ["protocol=https", "host=bitbucket.org", ...lines, ""].join("\n");
  return await story.helper(["store"], { input });
}

describe("reported by git for a repository", () => {
  test("of which its project's account was told that it is outside", async () => {
    const story = await openStory();
    const { secret } = story.site.accessToken({ workspace: "acme" });
    await seedAccount(story, secret, {
      name: "core",
      kind: "access-token",
      scope: { level: "project", workspace: "acme", project: "CORE" },
      projectRepositories: { "acme/tools": false },
    });
    await report(story, secret, "acme/tools.git");
    await story.succeed(["ls-remote", url("tools")]);
    expect(story.gitLog().at(-1)).toMatchObject({ status: 200 });
  });

  test("that an account does not cover which had it before", async () => {
    const story = await openStory();
    const { secret } = story.site.accessToken({ workspace: "acme" });
    const facts = { name: "api", kind: "access-token", scope: repository("api") } as const;
    await seedAccount(story, secret, facts);
    const { secret: renewed } = story.site.accessToken({ workspace: "acme", repository: "api" });
    await seedAccount(story, renewed, facts, "api");
    await report(story, secret, "acme/api.git");
    expect(await registryOf(story).read()).toHaveLength(1);
    await report(story, secret, "acme/web.git");
    await story.succeed(["ls-remote", url("web")]);
  });

  test("after the end that was written down for it: that date was wrong", async () => {
    const story = await openStory();
    const { secret } = story.site.accessToken({ workspace: "acme" });
    const scope = { level: "workspace", workspace: "acme" } as const;
    const facts = { name: "acme", kind: "access-token", scope } as const;
    await seedAccount(story, secret, { ...facts, expires: longAgo });
    expect((await story.git(["ls-remote", url("api")])).exitCode).toBe(128);
    await report(story, secret, "acme/api.git");
    await story.succeed(["ls-remote", url("api")]);
    expect(await accountOf(story, "acme")).toMatchObject({ state: "approved" });
    expect((await accountOf(story, "acme")).expires).toBeUndefined();
  });
});
