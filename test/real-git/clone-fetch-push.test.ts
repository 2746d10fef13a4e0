// The main job: git clone, fetch and push with nothing but a token, for each kind of token.
import { describe, expect, test } from "vitest";
import type { Token } from "../simulator/records.ts";
import type { Site } from "../simulator/site.ts";
import { credentials, openStory } from "./story.ts";

const url = "https://bitbucket.org/acme/api.git";
const email = "alice@example.com";

interface Kind {
  readonly title: string;
  readonly mint: (site: Site) => Token;
  readonly login: readonly string[];
  readonly username: string;
}

const acme = { workspace: "acme" };
const kinds: readonly Kind[] = [
  {
    title: "a user API token",
    mint: (site) => site.apiToken("alice", { name: "T" }),
    login: ["--email", email],
    username: "x-bitbucket-api-token-auth",
  },
  {
    title: "a repository access token",
    mint: (site) => site.accessToken({ ...acme, repository: "api" }, { name: "T" }),
    login: ["--repository", "acme/api"],
    username: "x-token-auth",
  },
  {
    title: "a project access token",
    mint: (site) => site.accessToken({ ...acme, project: "CORE" }, { name: "T" }),
    login: ["--project", "acme/CORE"],
    username: "x-token-auth",
  },
  {
    title: "a workspace access token",
    mint: (site) => site.accessToken(acme, { name: "T" }),
    login: ["--workspace", "acme"],
    username: "x-token-auth",
  },
  {
    title: "an OAuth token of more than 2,500 characters",
    mint: (site) => site.oauthToken("alice", { name: "T" }),
    login: [],
    username: "x-token-auth",
  },
];

describe.each(kinds)("$title", ({ mint, login, username }) => {
  test("clones, pushes and fetches without a question, and from then on without REST", async () => {
    const story = await openStory();
    await story.login(mint(story.site), login);

    const one = await story.clone(url, "one");
    story.forgetLog();
    const two = await story.clone(url, "two");
    await story.commit(one, "Second commit");
    await story.succeed(["push"], { cwd: one });
    await story.succeed(["pull", "--ff-only"], { cwd: two });

    expect(await story.history("acme", "api")).toBe("Second commit\nFirst commit\n");
    const { stdout } = await story.succeed(["log", "-1", "--format=%s"], { cwd: two });
    expect(stdout).toBe("Second commit\n");
    expect(credentials(story.gitLog())).toEqual([`${username} T`]);
    expect(story.restLog()).toEqual([]);
    expect(await story.status()).toMatchObject({ accounts: [{ state: "approved" }] });
  });

  test("answers for the user that Bitbucket's own clone URLs name", async () => {
    const story = await openStory();
    await story.login(mint(story.site), login);
    story.forgetLog();
    const clone = await story.clone("https://alice@bitbucket.org/acme/api.git", "one");
    await story.commit(clone, "Second commit");
    await story.succeed(["push"], { cwd: clone });
    expect(await story.history("acme", "api")).toBe("Second commit\nFirst commit\n");
    expect(story.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });
  });
});

test("www.bitbucket.org is the same, and leads to the same account", async () => {
  const story = await openStory();
  await story.login(story.site.apiToken("alice", { name: "T" }), ["--email", email]);
  story.forgetLog();
  await story.clone("https://www.bitbucket.org/acme/api.git", "one");
  expect(story.gitLog().at(-1)).toMatchObject({ host: "bitbucket.org", token: "T", status: 200 });
  expect(
    story.log().filter(({ carriesSecret, host }) => carriesSecret && host.startsWith("www")),
  ).toEqual([]);
});

test("the helper is not asked for a public repository", async () => {
  const story = await openStory({ helper: "!f() { echo asked >>asked; }; f" });
  await story.clone("https://bitbucket.org/acme/site.git", "one");
  expect((await story.run("ls", [])).stdout).toBe("one\n");
  expect(story.log().map(({ kind }) => kind)).not.toContain("api-token");
});

test("without an account and without a terminal, git is told nothing and says what it lacks", async () => {
  const story = await openStory();
  const { exitCode, stderr } = await story.git(["clone", url, "one"]);
  expect(exitCode).toBe(128);
  expect(stderr).toBe(
    "Cloning into 'one'...\nfatal: could not read Username for 'https://bitbucket.org/acme/api.git': terminal prompts disabled\n",
  );
  expect(story.restLog()).toEqual([]);
});
