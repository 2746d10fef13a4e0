// A login in a URL that somebody else wrote: git reports it as a success, and the person's accounts must stay what they
// are. What is kept of it answers for exactly what git reported, behind everything that the person made.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import { credentials, openStory, type Story } from "../real-git/story.ts";
import { daemonStatus } from "../support/daemon-mode.ts";
import { registryOf, seedAccount } from "../support/seed.ts";
import { publishHostile, submoduleLines } from "./public-repository.ts";

const own = "https://bitbucket.org/acme/api.git";
const top = "https://bitbucket.org/evil/top.git";

async function call(story: Story, operation: string, ...lines: readonly string[]) {
  const input = ["protocol=https", "host=bitbucket.org", ...lines, ""].join("\n");
  return await story.helper([operation], { input });
}

async function ask(story: Story, ...lines: readonly string[]): Promise<string> {
  return (await call(story, "get", ...lines)).stdout;
}

async function madeAccounts(story: Story): Promise<readonly Account[]> {
  return (await registryOf(story).read()).filter(({ learned }) => learned === undefined);
}

/** What the person asks for on other days; the whole table of likenesses is in test/accounts/choose-learned.test.ts. */
const others = [
  ["path=acme/api.git"],
  ["path=acme/web.git", "username=alice"],
  ["path=globex/lib.git", "username=bob"],
  ["path=evil/SUB.git"],
  [],
];

/** The person works on: two clones, so that one answer may come from the daemon's memory. */
async function expectOwnWork(story: Story, token: string): Promise<void> {
  for (const folder of ["one", "two"]) {
    story.forgetLog();
    const clone = await story.clone(own, folder);
    await story.commit(clone, `Of ${folder}`);
    await story.succeed(["push", "--quiet"], { cwd: clone });
    expect(credentials(story.gitLog())).toEqual([`x-bitbucket-api-token-auth ${token}`]);
  }
}

describe("a submodule whose URL has a stranger's token in it", () => {
  test.each([
    ["x-bitbucket-api-token-auth", "api"],
    // The person's own name, in the spelling of the stranger.
    ["eve", "api"],
    ["x-token-auth", "access"],
    ["x-token-auth", "oauth"],
  ] as const)("as %s with a token of kind %s", async (username, kind) => {
    const story = await openStory();
    const { site } = story;
    await story.login(site.apiToken("alice", { name: "own" }), ["--email", "alice@example.com"]);
    const before = await madeAccounts(story);
    await publishHostile(story, {});
    const { secret } =
      kind === "api"
        ? site.apiToken("eve")
        : kind === "oauth"
          ? site.oauthToken("eve")
          : site.accessToken({ workspace: "evil" });
    const url = `https://${username}:${secret}@bitbucket.org/evil/sub.git`;
    await publishHostile(story, { ".gitmodules": submoduleLines(url) });

    const clone = join(story.work, "victim");
    const { stderr } = await story.succeed(["clone", "--recurse-submodules", top, clone]);
    const reached = story.gitLog().filter(({ path }) => path.includes("evil/sub"));
    expect(reached.some(({ kind: used, status }) => used !== undefined && status === 200)).toBe(
      true,
    );
    expect(stderr).toContain("hint: git credential-bitbucket logout learned-evil-sub\n");
    // Git itself shows the whole URL; the helper's lines have no secret in them.
    const ours = stderr.split("\n").filter((line) => line.startsWith("git-credential-bitbucket:"));
    expect(ours).toHaveLength(2);
    expect(ours.join("")).not.toContain(secret);
    expect(await madeAccounts(story)).toEqual(before);
    for (const lines of others) expect(await ask(story, ...lines)).not.toContain(secret);
    const { stdout } = await story.helper(["status"]);
    expect(stdout).toContain(`evil/sub.git as ${username}\n`);
    expect(stdout).toContain("learned from git, last accepted");
    await expectOwnWork(story, "own");
    expect(story.restLog().map(({ token }) => token)).not.toContain(site.findToken(secret)?.name);

    expect((await story.helper(["logout", "learned-evil-sub"])).exitCode).toBe(0);
    expect(await registryOf(story).read()).toEqual(before);
  });

  test("where git sends no paths", async () => {
    const story = await openStory({
      gitConfig: { "credential.https://bitbucket.org.useHttpPath": "false" },
    });
    const { site } = story;
    await story.login(site.apiToken("alice", { name: "own" }), ["--email", "alice@example.com"]);
    await story.succeed([
      "config",
      "--global",
      "--replace-all",
      "credential.https://bitbucket.org.useHttpPath",
      "false",
    ]);
    await publishHostile(story, {});
    const { secret } = site.apiToken("eve");
    const url = `https://alice:${secret}@bitbucket.org/evil/sub.git`;
    // Bitbucket takes no name but its own or the owner's; git reports what a public repository never looked at, too.
    await call(story, "store", "username=alice", `password=${secret}`);
    await publishHostile(story, { ".gitmodules": submoduleLines(url.replace("alice", "eve")) });
    await story.succeed(["clone", "--recurse-submodules", top, join(story.work, "victim")]);
    expect(await registryOf(story).read()).toHaveLength(3);
    for (const lines of [[], ["username=alice"], ["username=bob"], ["path=acme/api.git"]])
      expect(await ask(story, ...lines)).not.toContain(secret);
    await expectOwnWork(story, "own");
  });
});

describe("what git reports changes no account that a person made", () => {
  const past = "2020-01-01T00:00:00Z";
  test.each([
    ["approved", {}],
    ["unverified", { state: "unverified" }],
    ["doubtful", { refusals: [past, past, past] }],
    ["rejected by bitbucket", { state: "rejected" }],
    ["expired", { expires: past }],
  ] as const)("that is %s", async (_title, facts) => {
    const story = await openStory();
    const mine = story.site.apiToken("alice").secret;
    const foreign = story.site.apiToken("eve").secret;
    await seedAccount(story, mine, { kind: "api-token", username: "alice", ...facts });
    const before = await madeAccounts(story);
    for (const username of ["alice", "x-bitbucket-api-token-auth"])
      for (const place of [["path=evil/sub.git"], []])
        await call(story, "store", ...place, `username=${username}`, `password=${foreign}`);
    expect(await madeAccounts(story)).toEqual(before);
    for (const lines of [["path=acme/api.git"], ["path=globex/lib.git", "username=alice"], []])
      expect(await ask(story, ...lines)).not.toContain(foreign);
    // Its first failure ends the stranger's, and the person's own is as it was.
    await call(story, "erase", "path=evil/sub.git", `password=${foreign}`);
    expect(await ask(story, "path=evil/sub.git")).not.toContain(foreign);
    expect(await madeAccounts(story)).toMatchObject([{ secretKey: before[0]?.secretKey }]);
  });
});

describe("a stray", () => {
  test("by a tool with a token in its URL, or by insteadOf, takes nothing from the person's account", async () => {
    const story = await openStory();
    const { site } = story;
    await story.login(site.apiToken("alice", { name: "own" }), ["--email", "alice@example.com"]);
    const reader = site.accessToken(
      { workspace: "acme", repository: "api" },
      { name: "reads", scopes: ["repository"] },
    );
    const inUrl = `https://x-token-auth:${reader.secret}@bitbucket.org/`;
    await story.succeed(["ls-remote", `${inUrl}acme/api.git`]);
    const folder = join(story.work, "tool");
    await story.succeed(["init", "--quiet", folder]);
    const rewrite = [`url.${inUrl}.insteadOf`, "https://bitbucket.org/"];
    await story.succeed(["-C", folder, "config", ...rewrite]);
    await story.succeed(["-C", folder, "ls-remote", own]);
    expect(credentials(story.gitLog())).toContain("x-token-auth reads");
    await expectOwnWork(story, "own");
  });

  test("of a .lfsconfig, which git-lfs uses and does not report, leaves nothing", async () => {
    const story = await openStory();
    const { site } = story;
    await story.login(site.apiToken("alice", { name: "own" }), ["--email", "alice@example.com"]);
    await publishHostile(story, {});
    const { secret } = site.accessToken({ workspace: "evil" });
    const url = `https://x-token-auth:${secret}@bitbucket.org/evil/sub/info/lfs`;
    await publishHostile(story, {
      ".gitattributes": "*.bin filter=lfs -text\n",
      ".lfsconfig": `[lfs]\n\turl = ${url}\n`,
      "large.bin": `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 9\n`,
    });
    await story.succeed(["lfs", "install", "--skip-repo"]);
    const before = await registryOf(story).read();
    await story.git(["clone", top, join(story.work, "victim")]);
    const batch = story.gitLog().find(({ path }) => path.includes("evil/sub/info/lfs"));
    expect(batch).toMatchObject({ kind: "workspace-access-token", status: 200 });
    expect(await registryOf(story).read()).toEqual(before);
    for (const lines of others) expect(await ask(story, ...lines)).not.toContain(secret);
    await expectOwnWork(story, "own");
  });

  test("of a job of CI stays nowhere, and the next job does not get it", async () => {
    const story = await openStory();
    const { site } = story;
    const { secret } = site.accessToken({ workspace: "acme" }, { name: "job" });
    const url = `https://x-token-auth:${secret}@bitbucket.org/acme/api.git`;
    const env = { CI: "true" };
    await story.succeed(["clone", "--quiet", url, join(story.work, "job")], { env });
    expect(await registryOf(story).read()).toEqual([]);
    const next = await story.git(["ls-remote", own], { env });
    expect(next.exitCode).not.toBe(0);
    expect(await ask(story, "path=acme/api.git")).toBe("");
    const found = await story.run("grep", [
      "-rlF",
      secret,
      story.home,
      story.env["XDG_RUNTIME_DIR"] ?? "/nowhere",
    ]);
    expect(found.stdout).toBe("");
    // A daemon that runs is asked, and has answers of its own.
    await story.login(site.apiToken("alice", { name: "own" }), ["--email", "alice@example.com"]);
    await expectOwnWork(story, "own");
  });
});

test("a learned login is answered from memory by the same rules, and its failure takes it out", async () => {
  const story = await openStory();
  const { site } = story;
  const { secret } = site.accessToken({ workspace: "acme" }, { name: "reported" });
  const place = ["path=acme/api.git", "username=x-token-auth"];
  await call(story, "store", ...place, `password=${secret}`);
  for (let time = 0; time < 3; time += 1) {
    expect(await ask(story, ...place)).toBe(`username=x-token-auth\npassword=${secret}\n`);
    expect(await ask(story, "path=acme/web.git")).toBe("");
    expect(await ask(story, "path=acme/api.git", "username=bob")).toBe("");
  }
  // The same secret for another place, told while the daemon has it: not dropped as known.
  await call(story, "store", "path=acme/web.git", "username=x-token-auth", `password=${secret}`);
  expect(await ask(story, "path=acme/web.git")).toContain(secret);
  await call(story, "store", ...place, `password=${secret}`, "password_expiry_utc=9999999999");
  expect(await ask(story, ...place)).toContain("password_expiry_utc=9999999999\n");

  await call(story, "erase", ...place, `password=${secret}`);
  expect(await ask(story, ...place)).toBe("");
  expect(await ask(story, "path=acme/web.git")).toContain(secret);
  await call(story, "erase");
  for (const path of ["path=acme/web.git", "path=acme/api.git"])
    expect(await ask(story, path)).toBe("");
  const status = await daemonStatus(story.env);
  expect(status?.entries ?? []).toEqual([]);
});
