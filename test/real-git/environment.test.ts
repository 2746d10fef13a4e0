// A token in the environment, as continuous integration has it: nothing is set up, nothing is stored.
import { expect, test } from "vitest";
import type { Token } from "../simulator/records.ts";
import type { Site } from "../simulator/site.ts";
import { credentials, openStory } from "./story.ts";

const url = "https://bitbucket.org/acme/api.git";

test.each<[string, (site: Site) => Token, string]>([
  ["an API token", (site) => site.apiToken("alice", { name: "T" }), "x-bitbucket-api-token-auth T"],
  [
    "an access token",
    (site) => site.accessToken({ workspace: "acme" }, { name: "T" }),
    "x-token-auth T",
  ],
])("BITBUCKET_TOKEN with %s clones", async (_title, mint, credential) => {
  const story = await openStory();
  const env = { BITBUCKET_TOKEN: mint(story.site).secret };
  await story.succeed(["clone", "--quiet", url, "one"], { env });
  expect(credentials(story.gitLog())).toEqual([credential]);
  expect(await story.status()).toMatchObject({ accounts: [] });
});

test("BITBUCKET_TOKEN goes before the account that answered until then, and leaves it as it is", async () => {
  const story = await openStory();
  await story.login(story.site.apiToken("alice", { name: "of alice" }), [
    "--email=alice@example.com",
  ]);
  const own = {
    BITBUCKET_TOKEN: story.site.accessToken({ workspace: "acme" }, { name: "T" }).secret,
  };
  const clone = await story.clone(url, "one");
  for (const [env, token] of [
    [{}, "of alice"],
    [own, "T"],
    [{}, "of alice"],
  ] as const) {
    story.forgetLog();
    await story.succeed(["fetch"], { cwd: clone, env });
    expect(story.gitLog().at(-1)).toMatchObject({ token, status: 200 });
  }
});

test("an app password in BITBUCKET_TOKEN is told of, and never sent", async () => {
  const story = await openStory();
  const env = { BITBUCKET_TOKEN: story.site.appPassword("alice").secret };
  const { exitCode, stderr } = await story.git(["clone", url, "one"], { env });
  expect(exitCode).toBe(128);
  expect(stderr).toMatch(/git-credential-bitbucket: error: .*app password/u);
  expect(story.log().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
});

test("BITBUCKET_TOKEN is for Bitbucket only", async () => {
  const story = await openStory({ helper: "none" });
  await story.succeed(["config", "--global", "credential.helper", story.front]);
  const env = { BITBUCKET_TOKEN: story.site.apiToken("alice").secret };
  await story.git(["clone", "https://elsewhere.example/acme/api.git", "one"], { env });
  expect(story.simulator.requests("elsewhere").length).toBeGreaterThan(0);
  expect(story.log().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
});
