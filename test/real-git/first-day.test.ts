// From nothing to a clone by what a person types, and back, with the rest of git's configuration left as it is.
import { expect, test } from "vitest";
import { openStory } from "./story.ts";

test("configure, login, clone, fetch, logout", async () => {
  const story = await openStory({ helper: "none" });
  await story.succeed(["config", "--global", "credential.helper", "!echo other >>other; false"]);

  await story.succeed(["credential-bitbucket", "configure"]);
  await story.login(story.site.apiToken("alice", { name: "T" }), ["--email=alice@example.com"]);
  const cwd = await story.clone("https://bitbucket.org/acme/api.git", "one");
  await story.succeed(["fetch"], { cwd });
  expect(story.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });
  expect((await story.run("ls", [])).stdout).toBe("one\n");

  await story.git(["ls-remote", "https://elsewhere.example/some/thing.git"]);
  expect((await story.run("ls", [])).stdout).toBe("one\nother\n");
  expect(story.simulator.requests("elsewhere").map(({ kind }) => kind)).not.toContain("api-token");

  await story.succeed(["credential-bitbucket", "logout", "--all"]);
  story.forgetLog();
  expect((await story.git(["fetch"], { cwd })).exitCode).toBe(128);
  expect(story.log().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
});

test.each([
  "https://evilbitbucket.org/acme/api.git",
  "https://bitbucket.org.elsewhere.example/acme/api.git",
])("%s is somebody else's host, even for a helper asked for everything", async (url) => {
  const story = await openStory({ helper: "none" });
  await story.succeed(["config", "--global", "credential.helper", story.front]);
  await story.login(story.site.apiToken("alice"), ["--email=alice@example.com"]);
  story.forgetLog();
  expect((await story.git(["clone", url, "one"])).exitCode).toBe(128);
  expect(story.log()).not.toEqual([]);
  expect(story.log().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
});
