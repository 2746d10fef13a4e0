// A login in a URL that somebody else wrote: git reports it as a success, and the person's accounts must stay what they
// are. What is kept of it answers for exactly what git reported, behind everything that the person made.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import { openStory, type Story, credentials } from "../git/story.ts";
import { registryOf, seedAccount } from "../support/seed.ts";
import { publishHostile, submoduleLines } from "./public-repository.ts";

const own = "https://bitbucket.org/acme/api.git";

/** What the helper answers, as git asks. */
async function ask(story: Story, ...lines: readonly string[]): Promise<string> {
  const input = ["protocol=https", "host=bitbucket.org", ...lines, ""].join("\n");
  return (await story.helper(["get"], { input })).stdout;
}

async function tell(story: Story, operation: "store" | "erase", ...lines: readonly string[]) {
  const input = ["protocol=https", "host=bitbucket.org", ...lines, ""].join("\n");
  return await story.helper([operation], { input });
}

async function madeAccounts(story: Story): Promise<readonly Account[]> {
  const accounts = await registryOf(story).read();
  return accounts.filter((account) => account.learned === undefined);
}

/** Nothing but what the stranger's own place asks for gets the stranger's secret. */
async function expectContained(story: Story, secret: string, exact: string): Promise<void> {
  const paths = [
    "acme/api.git",
    "acme/web",
    "globex/lib.git",
    "evil/top.git",
    "evil/sub",
    "evil/sub.git/info/lfs",
    "evil/sub.git/wiki",
    "evil/SUB.git",
    "evil/sub.git.git",
    "snippets/evil/sub.git",
    undefined,
  ].filter((path) => path !== exact);
  for (const path of paths)
    for (const user of [undefined, "alice", "bob", "eve", "x-token-auth"]) {
      const lines = [
        ...(path === undefined ? [] : [`path=${path}`]),
        ...(user === undefined ? [] : [`username=${user}`]),
      ];
      expect(`${lines.join(" ")}: ${await ask(story, ...lines)}`).not.toContain(secret);
    }
}

describe("a submodule whose URL has a stranger's token in it", () => {
  test.each([
    ["x-bitbucket-api-token-auth", "api"],
    ["eve", "api"],
    ["x-token-auth", "access"],
    ["x-token-auth", "oauth"],
  ] as const)("as %s with a token of kind %s", async (username, kind) => {
    const story = await openStory();
    const { site } = story;
    await story.login(site.apiToken("alice", { name: "own" }), ["--email", "alice@example.com"]);
    const before = await madeAccounts(story);
    site.addRepository("evil/top", { isPublic: true });
    site.addRepository("evil/sub");
    site.allow("eve", "evil", "admin");
    const { secret } =
      kind === "api"
        ? site.apiToken("eve")
        : kind === "oauth"
          ? site.oauthToken("eve")
          : site.accessToken({ workspace: "evil" });
    const url = `https://${username}:${secret}@bitbucket.org/evil/sub.git`;
    await publishHostile(story, { ".gitmodules": submoduleLines(url) });

    const clone = join(story.work, "victim");
    const top = "https://bitbucket.org/evil/top.git";
    const { stderr } = await story.succeed(["clone", "--recurse-submodules", top, clone]);
    expect(
      story.gitLog().some(({ path, status }) => path.includes("evil/sub") && status === 200),
    ).toBe(true);
    expect(await madeAccounts(story)).toEqual(before);
    await expectContained(story, secret, "evil/sub.git");
    expect(stderr).not.toContain(secret);

    // The person works on, from the store and from the daemon's memory.
    for (const folder of ["one", "two"]) {
      story.forgetLog();
      await story.clone(own, folder);
      expect(credentials(story.gitLog())).toEqual(["x-bitbucket-api-token-auth own"]);
    }
  });
});

describe("what git reports changes no account that a person made", () => {
  const past = "2020-01-01T00:00:00Z";
  test.each([
    ["approved", {}],
    ["unverified", { state: "unverified" }],
    ["set aside by git", { state: "rejected", rejectedBy: "git" }],
    ["rejected by bitbucket", { state: "rejected", rejectedBy: "bitbucket" }],
    ["expired", { expires: past }],
  ] as const)("that is %s", async (_title, facts) => {
    const story = await openStory();
    const mine = story.site.apiToken("alice").secret;
    const foreign = story.site.apiToken("eve").secret;
    await seedAccount(story, mine, { kind: "api-token", username: "alice", ...facts });
    const before = await registryOf(story).read();
    for (const username of ["alice", "x-bitbucket-api-token-auth", "eve"])
      for (const path of ["path=evil/sub.git", undefined])
        await tell(
          story,
          "store",
          ...(path === undefined ? [] : [path]),
          `username=${username}`,
          `password=${foreign}`,
        );
    expect(await madeAccounts(story)).toEqual(before);
    const answers = [
      await ask(story, "path=acme/api.git"),
      await ask(story, "path=globex/lib.git", "username=alice"),
      await ask(story, "username=alice"),
      await ask(story),
    ].join("");
    expect(answers).not.toContain(foreign);
    // The person's own secret is still there, and serves again as soon as git reports its success.
    await tell(story, "store", "username=x-bitbucket-api-token-auth", `password=${mine}`);
  });
});
