// Tokens that Bitbucket refuses: what git calls, what becomes of the account, what the person reads.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Token } from "../simulator/records.ts";
import type { Site } from "../simulator/site.ts";
import { openStory, type Story } from "./story.ts";

const url = "https://bitbucket.org/acme/api.git";
const asAlice = ["--email=alice@example.com"];

/** Waits until the check in the background has asked REST and written down what it heard. */
async function checked(story: Story): Promise<void> {
  await expect.poll(() => story.restLog().length, { timeout: 20_000 }).toBeGreaterThan(0);
  await expect
    .poll(
      async () => {
        const text = await readFile(
          join(story.home, ".local/share/git-credential-bitbucket/accounts.json"),
          "utf8",
        );
        return (JSON.parse(text) as { accounts: { refusals?: string[] }[] }).accounts[0]?.refusals;
      },
      { timeout: 20_000 },
    )
    .toBeUndefined();
}

describe("a token that died", () => {
  test.each([
    ["a revoked API token", (site: Site) => site.apiToken("alice"), asAlice],
    [
      "a revoked access token",
      (site: Site) => site.accessToken({ workspace: "acme" }),
      ["--workspace=acme"],
    ],
  ] as const)("%s is tried once, rejected, and never sent again", async (_title, mint, login) => {
    const story = await openStory();
    const token = mint(story.site);
    await story.login(token, login);
    const clone = await story.clone(url, "one");
    story.site.revoke(token);
    story.forgetLog();

    const first = await story.git(["fetch"], { cwd: clone });
    expect(first.exitCode).toBe(128);
    expect(first.stderr).toContain("remote: You may not have access to this repository");
    await checked(story);
    expect(story.restLog().at(-1)?.status).toBe(401);
    expect(await story.status()).toMatchObject({ accounts: [{ state: "rejected" }] });

    story.forgetLog();
    const second = await story.git(["fetch"], { cwd: clone });
    expect(second.exitCode).toBe(128);
    expect(second.stderr).toMatch(/git-credential-bitbucket: error: .*rejected/u);
    expect(second.stderr).toMatch(
      /git-credential-bitbucket: hint: .*git credential-bitbucket login --account /u,
    );
    expect(story.log().filter(({ carriesSecret }) => carriesSecret)).toEqual([]);
  });

  test("a new token for the account makes the next fetch work", async () => {
    const story = await openStory();
    const token = story.site.apiToken("alice");
    await story.login(token, asAlice);
    const clone = await story.clone(url, "one");
    story.site.revoke(token);
    await story.git(["fetch"], { cwd: clone });
    const name = (await story.status()).accounts[0]?.name ?? "";
    await story.login(story.site.apiToken("alice", { name: "new" }), [`--account=${name}`]);
    story.forgetLog();
    await story.succeed(["fetch"], { cwd: clone });
    expect(story.gitLog().at(-1)).toMatchObject({ token: "new", status: 200 });
  });
});

describe("login refuses what can never work", () => {
  test.each([
    ["an app password", (site: Site) => site.appPassword("alice"), "app password"],
    ["a token without scopes", (site: Site) => site.unscopedApiToken("alice"), "scopes"],
  ])("%s", async (_title, mint, word) => {
    const story = await openStory();
    const input = `${mint(story.site).secret}\n`;
    const { exitCode, stderr } = await story.helper(["login", "--with-token", ...asAlice], {
      input,
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(word);
    expect(await story.status()).toMatchObject({ accounts: [] });
  });
});

describe("403: git erases nothing, and the account stays", () => {
  test.each<[string, (site: Site) => Token, string]>([
    [
      "a token that may only read",
      (site) =>
        site.apiToken("alice", { scopes: ["read:repository:bitbucket", "read:user:bitbucket"] }),
      "remote: Your credentials lack one or more required privilege scopes.",
    ],
    [
      "a person who may only read",
      (site) => site.apiToken("bob"),
      "remote: The requested repository",
    ],
  ])("%s, pushing", async (_title, mint, message) => {
    const story = await openStory();
    const token = mint(story.site);
    await story.login(token, [`--email=${token.owner}@example.com`]);
    const clone = await story.clone(url, "one");
    await story.commit(clone, "Second commit");
    const { exitCode, stderr } = await story.git(["push"], { cwd: clone });
    expect(exitCode).toBe(128);
    expect(stderr).toContain(message);
    expect(stderr).toContain("The requested URL returned error: 403");
    await story.succeed(["fetch"], { cwd: clone });
  });

  test("login says beforehand that pushing will fail", async () => {
    const story = await openStory();
    const scopes = ["read:repository:bitbucket", "read:user:bitbucket"];
    const { stdout } = await story.login(story.site.apiToken("alice", { scopes }), asAlice);
    expect(stdout).toContain("write:repository:bitbucket");
  });
});
