// What changes outside, the daemon notices without a restart: accounts, secrets, settings of every scope.
import { execFileSync } from "node:child_process";
import { appendFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registryOf } from "../support/seed.ts";
import { answerFor, type DaemonHome, openDaemonHome, requestFor, token } from "./home.ts";

let home: DaemonHome;
const answered = answerFor(token("a"));

beforeEach(async () => {
  home = await openDaemonHome();
  await home.seed("acme");
  await home.get();
  await home.untilWarm();
});
afterEach(() => home.close());

/** Runs a get and says whether the daemon alone answered it. */
async function isWarm(path = "acme/api.git", options = {}): Promise<boolean> {
  const before = await home.helperStarts();
  expect((await home.get(requestFor(path), options)).stdout).toBe(answered);
  return (await home.helperStarts()) === before;
}

describe("accounts", () => {
  test("a closer one answers as soon as it is there", async () => {
    expect(await isWarm()).toBe(true);
    await home.seed("closer", token("c"), {
      scope: { level: "repository", workspace: "acme", repository: "api" },
    });
    expect((await home.get()).stdout).toBe(answerFor(token("c")));
    expect(await isWarm("acme/web.git")).toBe(true);
  });

  test("a renewed one never gets its old secret", async () => {
    await home.seed("acme", token("n"));
    const registry = registryOf(home);
    await registry.update((accounts) => accounts.slice(-1));
    expect((await home.get()).stdout).toBe(answerFor(token("n")));
    expect((await home.get()).stdout).toBe(answerFor(token("n")));
  });

  test("one that is forgotten is not served", async () => {
    await registryOf(home).update(() => []);
    expect((await home.get()).stdout).toBe("");
  });

  test("logout is told to the daemon at once", async () => {
    expect((await home.helper(["logout", "acme"])).exitCode).toBe(0);
    expect((await home.status())?.entries).toEqual([]);
    expect((await home.get()).stdout).toBe("");
  });

  test("one that was rejected or has expired is not served", async () => {
    const registry = registryOf(home);
    await registry.update((accounts) =>
      accounts.map((account) => ({
        ...account,
        state: "rejected" as const,
      })),
    );
    expect((await home.get()).stdout).toBe("");
    await registry.update((accounts) =>
      accounts.map((account) => ({
        ...account,
        state: "approved" as const,
        expires: "2020-01-01T00:00:00.000Z",
      })),
    );
    expect((await home.get()).stdout).toBe("");
  });

  test("a damaged file is the helper's to explain", async () => {
    const data = join(home.env["XDG_DATA_HOME"] ?? "", "git-credential-bitbucket");
    await writeFile(join(data, "accounts.json"), "{");
    const { stdout, stderr } = await home.get();
    expect(stdout).toBe("");
    expect(stderr).toContain("error: the accounts file ");
  });

  test("of another home are another daemon's", async () => {
    const env = { XDG_DATA_HOME: join(home.home, "other") };
    expect((await home.get(undefined, { env })).stdout).toBe("");
    expect(await isWarm()).toBe(true);
  });
});

describe("settings that do not change what is served leave it as it is", () => {
  test.each([
    "bitbucketStore = file",
    "bitbucketTimeout = 3s",
    "helper = other",
    "bitbucketApiUrl = http://localhost:1",
  ])("%s", async (line) => {
    await writeFile(
      join(home.home, ".gitconfig"),
      `[credential]\n\t${line}\n[user]\n\tname = Ada\n`,
    );
    expect(await isWarm()).toBe(true);
  });
});

describe("settings that change what is served reach the helper once, and hold until they change", () => {
  const line = "[credential]\n\tbitbucketValidate = never\n";

  test("in the person's file", async () => {
    const file = join(home.home, ".gitconfig");
    await writeFile(file, line);
    expect(await isWarm()).toBe(false);
    expect(await isWarm()).toBe(true);
    await appendFile(file, "[user]\n\tname = Ada\n");
    expect(await isWarm()).toBe(false);
    expect(await isWarm()).toBe(true);
  });

  test("in a file that it includes", async () => {
    await writeFile(join(home.home, ".gitconfig"), "[include]\n\tpath = more.config\n");
    expect(await isWarm()).toBe(true);
    await writeFile(join(home.home, "more.config"), line);
    expect(await isWarm()).toBe(false);
    expect(await isWarm()).toBe(true);
  });

  test("behind a condition, every time: only git can tell", async () => {
    await writeFile(
      join(home.home, ".gitconfig"),
      '[includeIf "gitdir:~/work/"]\n\tpath = more.config\n',
    );
    expect(await isWarm()).toBe(true);
    await writeFile(join(home.home, "more.config"), line);
    expect(await isWarm()).toBe(false);
    expect(await isWarm()).toBe(false);
  });

  test("behind a condition that stands in a quoted, commented or odd line", async () => {
    const file = join(home.home, ".gitconfig");
    await writeFile(join(home.home, "more.config"), line);
    for (const text of [
      '[includeIf "gitdir:~/c#/"] path = more.config\n',
      '[includeIf "gitdir:/path = /"] path = more.config\n',
      '[includeIf "gitdir:~/work/"]\n\tPath\t=\t"more.config" ; mine\n',
    ]) {
      await writeFile(file, text);
      expect(await isWarm()).toBe(false);
      expect(await isWarm()).toBe(false);
    }
  });

  test("but not in a repository, which has no say", async () => {
    const repository = join(home.work, "repository");
    execFileSync("git", ["init", "-q", repository], { env: home.env });
    execFileSync("git", ["-C", repository, "config", "credential.bitbucketValidate", "always"], {
      env: home.env,
    });
    expect(await isWarm(undefined, { cwd: repository })).toBe(true);
    expect(await isWarm(undefined, { env: { GIT_DIR: join(repository, ".git") } })).toBe(true);
  });

  test("on git's command line", async () => {
    const env = { GIT_CONFIG_PARAMETERS: "'credential.bitbucketvalidate=never'" };
    expect(await isWarm(undefined, { env })).toBe(false);
    expect(await isWarm(undefined, { env })).toBe(true);
    expect(await isWarm(undefined, { env: { GIT_CONFIG_PARAMETERS: "'http.proxy=x'" } })).toBe(
      true,
    );
  });

  test("that ask for a check every time are obeyed every time", async () => {
    await writeFile(
      join(home.home, ".gitconfig"),
      "[credential]\n\tbitbucketValidate = always\n\tbitbucketApiUrl = http://127.0.0.1:1\n",
    );
    expect(await isWarm()).toBe(false);
    expect(await isWarm()).toBe(false);
  });

  test("a shorter cache timeout holds from then on", async () => {
    await writeFile(join(home.home, ".gitconfig"), "[credential]\n\tbitbucketCacheTimeout = 30s\n");
    expect(await isWarm()).toBe(false);
    expect((await home.status())?.entries[0]?.leftSeconds).toBeLessThanOrEqual(30);
  });

  test("a host of the person's own is served from memory, too, and no more when it is taken away", async () => {
    const file = join(home.home, ".gitconfig");
    await home.seed("own", token("o"), { host: "git.example.com", scope: { level: "host" } });
    const request = "protocol=https\nhost=git.example.com\npath=acme/api.git\n";
    expect((await home.get(request)).stdout).toBe("");
    await writeFile(file, "[credential]\n\tbitbucketHosts = git.example.com\n");
    expect((await home.get(request)).stdout).toBe(answerFor(token("o")));
    const before = await home.helperStarts();
    expect((await home.get(request)).stdout).toBe(answerFor(token("o")));
    expect(await home.helperStarts()).toBe(before);
    await writeFile(file, "[user]\n\tname = Ada\n");
    expect((await home.get(request)).stdout).toBe("");
  });
});
