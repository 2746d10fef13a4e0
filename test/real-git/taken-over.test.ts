// Tokens that git itself came by, in a URL or by asking, are learned through `store`, for the address they came with.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Token } from "../simulator/records.ts";
import type { Site } from "../simulator/site.ts";
import { credentials, openStory } from "./story.ts";

type Mint = (site: Site) => Token;
const ofAlice: Mint = (site) => site.apiToken("alice", { name: "T" });
const ofApi: Mint = (site) =>
  site.accessToken({ workspace: "acme", repository: "api" }, { name: "T" });

describe("a token in the URL of a clone serves the plain URL afterwards", () => {
  test.each([
    [
      "an API token",
      "x-bitbucket-api-token-auth",
      ofAlice,
      "api-token",
      "x-bitbucket-api-token-auth",
    ],
    ["an API token with its user", "alice", ofAlice, "api-token", "alice"],
    ["an access token", "x-token-auth", ofApi, "access-token", "x-token-auth"],
  ] as const)("%s", async (_title, username, mint, kind, answered) => {
    const story = await openStory();
    const { secret } = mint(story.site);
    await story.clone(`https://${username}:${secret}@bitbucket.org/acme/api.git`, "one");
    expect(await story.status()).toMatchObject({ accounts: [{ kind, state: "approved" }] });

    story.forgetLog();
    const clone = await story.clone("https://bitbucket.org/acme/api.git", "two");
    await story.commit(clone, "Second commit");
    await story.succeed(["push"], { cwd: clone });
    expect(credentials(story.gitLog())).toEqual([`${answered} T`]);

    story.forgetLog();
    expect((await story.git(["ls-remote", "https://bitbucket.org/acme/web.git"])).exitCode).toBe(
      128,
    );
    expect(credentials(story.gitLog())).toEqual([]);
  });
});

test("a token that git's own prompt brought is kept", async () => {
  const story = await openStory();
  const { secret } = ofApi(story.site);
  const askpass = join(story.work, "askpass");
  const script = `#!/bin/sh\ncase $1 in Username*) echo x-token-auth ;; *) echo ${secret} ;; esac\n`;
  await writeFile(askpass, script, { mode: 0o755 });
  const url = "https://bitbucket.org/acme/api.git";
  await story.succeed(["clone", "--quiet", url, "one"], { env: { GIT_ASKPASS: askpass } });
  story.forgetLog();
  await story.clone(url, "two");
  expect(credentials(story.gitLog())).toEqual(["x-token-auth T"]);
});

describe("what failed is not kept", () => {
  test.each([
    ["an email as username", "alice%40example.com", ofAlice, "Authentication failed"],
    ["a wrong username", "x-token-auth", ofAlice, "Authentication failed"],
    [
      "a token without scopes",
      "alice",
      (site: Site) => site.unscopedApiToken("alice"),
      "Authentication failed",
    ],
    ["an app password", "alice", (site: Site) => site.appPassword("alice"), "error: 410"],
  ] as const)("%s", async (_title, username, mint, message) => {
    const story = await openStory();
    const { secret } = mint(story.site);
    const url = `https://${username}:${secret}@bitbucket.org/acme/api.git`;
    const { exitCode, stderr } = await story.git(["clone", url, "one"]);
    expect(exitCode).toBe(128);
    expect(stderr).toContain(message);
    expect(await story.status()).toMatchObject({ accounts: [] });
  });
});
