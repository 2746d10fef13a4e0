// Several tokens side by side: the right secret and the right username for each repository.
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { AccountScope } from "../../src/accounts/account.ts";
import { seedAccount } from "../support/seed.ts";
import { credentials, openStory, type Story } from "./story.ts";

let story: Story;

beforeEach(async () => {
  story = await openStory();
  const { site } = story;
  await seedAccount(story, site.apiToken("alice", { name: "of alice" }).secret, {
    kind: "api-token",
    username: "alice",
    email: "alice@example.com",
    emailConfirmed: true,
  });
  for (const [name, level, covers] of [
    ["of api", "repository", { workspace: "acme", repository: "api" }],
    ["of CORE", "project", { workspace: "acme", project: "CORE" }],
    ["of globex", "workspace", { workspace: "globex" }],
  ] as const) {
    const scope = { level, ...covers } as AccountScope;
    const { secret } = site.accessToken(covers, { name });
    await seedAccount(story, secret, { kind: "access-token", scope });
  }
});

describe("each repository gets its own", () => {
  test.each([
    ["acme/api", "x-token-auth of api"],
    ["acme/web", "x-token-auth of CORE"],
    ["acme/tools", "x-bitbucket-api-token-auth of alice"],
    ["globex/lib", "x-token-auth of globex"],
    ["globex/app", "x-token-auth of globex"],
  ])("%s: %s", async (repository, credential) => {
    const clone = await story.clone(`https://bitbucket.org/${repository}.git`, "clone");
    await story.commit(clone, "Second commit");
    await story.succeed(["push"], { cwd: clone });
    expect(credentials(story.gitLog())).toEqual([credential]);
    const [workspace = "", name = ""] = repository.split("/");
    expect(await story.history(workspace, name)).toBe("Second commit\nFirst commit\n");
  });
});

test("a name in the URL goes before the more exact account", async () => {
  await story.clone("https://alice@bitbucket.org/acme/api.git", "clone");
  expect(credentials(story.gitLog())).toEqual(["alice of alice"]);
});

test("submodules of another workspace get that workspace's token", async () => {
  const clone = await story.clone("https://bitbucket.org/acme/api.git", "parent");
  await story.succeed(
    ["submodule", "--quiet", "add", "https://bitbucket.org/globex/lib.git", "lib"],
    {
      cwd: clone,
    },
  );
  await story.succeed(["submodule", "--quiet", "add", "../web.git", "web"], { cwd: clone });
  await story.succeed(["commit", "--quiet", "--message=Submodules"], { cwd: clone });
  await story.succeed(["push", "--quiet"], { cwd: clone });
  story.forgetLog();

  const again = join(story.work, "again");
  await story.succeed([
    "clone",
    "--quiet",
    "--recurse-submodules",
    "--jobs=2",
    "https://bitbucket.org/acme/api.git",
    again,
  ]);
  const { stdout } = await story.succeed(
    ["submodule", "--quiet", "foreach", "git log -1 --format=%s"],
    {
      cwd: again,
    },
  );
  expect(stdout).toBe("First commit\nFirst commit\n");
  const by = (path: string) =>
    credentials(story.gitLog().filter((one) => one.path.startsWith(path)));
  expect(by("/acme/api")).toEqual(["x-token-auth of api"]);
  expect(by("/acme/web")).toEqual(["x-token-auth of CORE"]);
  expect(by("/globex/lib")).toEqual(["x-token-auth of globex"]);
});

test("fetching many repositories at once gives each its own", async () => {
  const repositories = ["acme/api", "acme/web", "acme/tools", "globex/lib", "globex/app"];
  await Promise.all(
    repositories.map((one) =>
      story.clone(`https://bitbucket.org/${one}.git`, one.replace("/", "-")),
    ),
  );
  const refused = story.gitLog().filter(({ kind, status }) => kind !== undefined && status !== 200);
  expect(refused).toEqual([]);
  expect(credentials(story.gitLog()).toSorted()).toEqual([
    "x-bitbucket-api-token-auth of alice",
    "x-token-auth of CORE",
    "x-token-auth of api",
    "x-token-auth of globex",
  ]);
});
