// A wiki is a repository of its own behind its repository's address, and belongs to the same account.
import { expect, test } from "vitest";
import { credentials, openStory } from "./story.ts";

test.each(["https://bitbucket.org/acme/api.git/wiki", "https://bitbucket.org/acme/api/wiki"])(
  "%s is cloned and pushed with the repository's token",
  async (url) => {
    const story = await openStory();
    const token = story.site.accessToken(
      { workspace: "acme", repository: "api" },
      { name: "of api" },
    );
    await story.login(token, ["--repository=acme/api"]);
    story.forgetLog();

    const clone = await story.clone(url, "wiki");
    await story.commit(clone, "A page");
    await story.succeed(["push"], { cwd: clone });

    expect(await story.history("acme", "api", "wiki")).toBe("A page\nFirst commit\n");
    expect(await story.history("acme", "api")).toBe("First commit\n");
    expect(credentials(story.gitLog())).toEqual(["x-token-auth of api"]);
  },
);

test("a snippet is cloned with the token of its user", async () => {
  const story = await openStory();
  const scopes = ["read:snippet:bitbucket", "read:user:bitbucket"];
  const token = story.site.apiToken("alice", { name: "of alice", scopes });
  await story.login(token, ["--email=alice@example.com"]);
  story.forgetLog();
  await story.clone("https://bitbucket.org/snippets/acme/sn1pp.git", "snippet");
  expect(credentials(story.gitLog())).toEqual(["x-bitbucket-api-token-auth of alice"]);
});
