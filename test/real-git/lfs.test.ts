// Real git-lfs: it asks `git credential` itself, and its objects lie on another host that must see no token of ours.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { storageHost } from "../simulator/lfs.ts";
import { credentials, openStory, type Story } from "./story.ts";

const content = "a large file, so to say\n".repeat(1_000);

async function pushLargeFile(story: Story, url: string): Promise<string> {
  await story.succeed(["lfs", "install", "--skip-repo"]);
  const clone = await story.clone(url, "one");
  await story.succeed(["lfs", "track", "*.bin"], { cwd: clone });
  await writeFile(join(clone, "large.bin"), content);
  await story.succeed(["add", "."], { cwd: clone });
  await story.succeed(["commit", "--quiet", "--message=A large file"], { cwd: clone });
  await story.succeed(["push"], { cwd: clone });
  return clone;
}

test.each([
  "https://bitbucket.org/acme/api.git",
  "https://alice@bitbucket.org/acme/api.git",
  "https://www.bitbucket.org/acme/api.git",
])("%s: objects are pushed and pulled with the repository's token", async (url) => {
  const story = await openStory();
  const token = story.site.accessToken(
    { workspace: "acme", repository: "api" },
    { name: "of api" },
  );
  await story.login(token, ["--repository=acme/api"]);
  story.forgetLog();

  await pushLargeFile(story, url);
  expect(story.simulator.lfs.oids({ workspace: "acme", repository: "api" })).toHaveLength(1);

  const again = await story.clone(url, "two");
  expect(await readFile(join(again, "large.bin"), "utf8")).toBe(content);
  expect(credentials(story.gitLog())).toEqual(["x-token-auth of api"]);
  expect(
    story.simulator.requests("lfs").map(({ token: name, status }) => [name, status]),
  ).toContainEqual(["of api", 200]);
});

test("the host of the objects is never shown a token of Bitbucket", async () => {
  const story = await openStory();
  await story.login(story.site.apiToken("alice"), ["--email=alice@example.com"]);
  await pushLargeFile(story, "https://bitbucket.org/acme/api.git");
  const stored = story.simulator.requests("storage");
  expect(stored).toMatchObject([{ method: "PUT", host: storageHost, status: 200 }]);
  expect(stored.filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
});

test("where LFS forbids instead of asking, lfs.URL.access basic makes it work", async () => {
  const story = await openStory();
  story.site.quirks.lfsForbidsAnonymous = true;
  await story.login(story.site.apiToken("alice"), ["--email=alice@example.com"]);
  await story.succeed([
    "config",
    "--global",
    "lfs.https://bitbucket.org/acme/api.git/info/lfs.access",
    "basic",
  ]);
  await pushLargeFile(story, "https://bitbucket.org/acme/api.git");
  expect(story.simulator.lfs.oids({ workspace: "acme", repository: "api" })).toHaveLength(1);
});
