// A token that nothing but a repository's own configuration has. The repository may have been unpacked with it, so that the
// token is a stranger's: what becomes of it opens little, and nothing that the person has already.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Account } from "../../../src/accounts/account.ts";
import { seedAccount } from "../../support/seed.ts";
import { openHousehold } from "./household.ts";
import { git, put, putRepository } from "./lying-around.ts";

const household = openHousehold();
const past = "2020-01-01T00:00:00Z";

/** An unpacked archive. @returns its .git/config's text afterwards. */
async function unpack(...urls: string[]): Promise<() => Promise<string>> {
  const { world, repository } = household;
  await putRepository(world, repository, {});
  const archive = await putRepository(world, join(world.work, "archive"), {});
  for (const [at, url] of urls.entries())
    await git(world, ["-C", archive, "config", `remote.r${at}.url`, url]);
  return () => git(world, ["-C", archive, "config", "--list"]);
}

const adopt = () => household.migrate(["--yes", "--in", household.world.work]);
const strangers = (path: string, user = "x-bitbucket-api-token-auth"): string =>
  `https://${user}:${household.world.site.apiToken("eve").secret}@bitbucket.org/${path}`;

async function own(facts: Partial<Account> = {}): Promise<Account> {
  const { secret } = household.world.site.apiToken("alice");
  return await seedAccount(household.world, secret, {
    kind: "api-token",
    username: "alice",
    email: "alice@example.com",
    ...facts,
  });
}

test("opens no more than the workspace of its URL, and says so", async () => {
  await unpack(strangers("evil/x.git"));
  const { stdout } = await adopt();
  expect(stdout).toContain("becomes account 'evil' for workspace evil\n");
  expect(stdout).toContain("workspace evil, not checked yet\n");
  expect(await household.accounts()).toMatchObject([
    { name: "evil", scope: { level: "workspace", workspace: "evil" } },
  ]);
  const input = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n\n";
  expect((await household.world.helper(["get"], { input })).stdout).toBe("");
});

describe("where an account of the person's answers, whatever its state, it is left", () => {
  test.each([
    ["approved", {}],
    ["unverified", { state: "unverified" }],
    ["expired", { expires: past }],
    ["rejected", { state: "rejected" }],
    ["doubtful", { refusals: [past, past, past] }],
  ] as const)("%s", async (_title, facts) => {
    const account = await own(facts);
    for (const user of ["x-bitbucket-api-token-auth", "eve"]) {
      const config = await unpack(strangers("acme/api.git", user));
      const { stdout } = await adopt();
      expect(stdout).toContain("account 'alice' answers there");
      expect(stdout).not.toContain("becomes account");
      expect(await config()).toContain("ATAT");
    }
    expect(await household.accounts()).toEqual([account]);
  });

  test.each([
    ["expired", { expires: past }],
    ["rejected", { state: "rejected" }],
    ["doubtful", { refusals: [past, past, past] }],
  ] as const)("%s, and the URL says the person's name", async (_title, facts) => {
    const account = await own(facts);
    const config = await unpack(strangers("acme/api.git", "alice"));
    await adopt();
    expect(await household.accounts()).toEqual([account]);
    expect(await config()).toContain("ATAT");
  });

  test("an access token", async () => {
    const { world } = household;
    const covers = { workspace: "acme", repository: "api" };
    const scope = { level: "repository", ...covers } as const;
    const account = await seedAccount(world, world.site.accessToken(covers).secret, {
      kind: "access-token",
      scope,
      expires: past,
    });
    const { secret } = world.site.accessToken({ workspace: "acme" });
    const same = world.site.accessToken(covers).secret;
    await unpack(
      `https://x-token-auth:${secret}@bitbucket.org/acme/api.git`,
      `https://x-token-auth:${same}@bitbucket.org/acme/api.git`,
    );
    await adopt();
    expect(await household.accounts()).toEqual([account]);
  });
});

test("an account that comes of the person's own files comes first", async () => {
  const { world } = household;
  const { secret } = world.site.apiToken("alice", { scopes: ["read:repository:bitbucket"] });
  await unpack(strangers("acme/api.git"));
  await put(join(world.home, ".git-credentials"), `https://alice:${secret}@bitbucket.org\n`);
  await adopt();
  expect(await household.accounts()).toMatchObject([{ name: "alice", scope: { level: "host" } }]);
});

test.each([
  ["several workspaces", ["evil/x.git", "acme/api.git"]],
  ["no repository", [""]],
])("whose URLs name %s is left, and login is the way", async (_title, paths) => {
  const { secret } = household.world.site.apiToken("alice");
  const config = await unpack(
    ...paths.map((path) => `https://alice:${secret}@bitbucket.org/${path}`),
  );
  const { stdout } = await adopt();
  expect(stdout).toContain("next: git credential-bitbucket login\n");
  expect(await household.accounts()).toEqual([]);
  expect(await config()).toContain(secret);
});

test("another token of an account that works goes out of the URL, as from anywhere", async () => {
  const account = await own();
  const { secret } = household.world.site.apiToken("alice");
  const config = await unpack(`https://alice:${secret}@bitbucket.org/acme/api.git`);
  await adopt();
  expect(await household.accounts()).toEqual([account]);
  expect(await config()).toContain("=https://bitbucket.org/acme/api.git\n");
});

test("in the person's own configuration, or in a file of theirs besides, it is for every repository", async () => {
  const { world } = household;
  const { secret } = world.site.apiToken("alice");
  const url = `https://alice:${secret}@bitbucket.org/acme/api.git`;
  await unpack(url);
  await git(world, ["config", "--global", `url.${url}.insteadOf`, "bb:"]);
  await adopt();
  expect(await household.accounts()).toMatchObject([{ name: "alice", scope: { level: "host" } }]);
});
