// Only the person, the administrator and the command line decide where a token goes: what a repository says about itself
// is not listened to, in whatever file it stands.
import { once } from "node:events";
import { appendFile, access, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { credentials, openStory, type Story } from "../real-git/story.ts";
import { daemonMode, daemonStatus } from "../support/daemon-mode.ts";
import { makePrivateCa } from "../support/private-ca.ts";
import type { RunOptions } from "../support/sandbox.ts";
import { registryOf } from "../support/seed.ts";
import { hostilePlaces } from "./hostile-repository.ts";

const url = "https://bitbucket.org/acme/api.git";
const evil = "https://elsewhere.example";
const asAlice = ["--email=alice@example.com"];

/** A person with tokens in files; checks may take their time on a machine that is busy with others. */
const openPatientStory = async () =>
  await openStory({ gitConfig: { "credential.bitbucketTimeout": "30" } });

async function runs(story: Story, args: readonly string[], options: RunOptions): Promise<void> {
  const { exitCode, stdout, stderr } = await story.helper(args, options);
  if (exitCode !== 0)
    throw new Error(`${args.join(" ")} ended with ${exitCode}: ${stdout}${stderr}`);
}

/** What the person does there: let git use an account that was never checked, check, and log in. */
async function worksThere(story: Story, cwd: string): Promise<void> {
  const token = story.site.apiToken("alice", { name: "T" });
  await story.login(token, [...asAlice, "--no-validate", "--account=first"]);
  const expectChecks = (name: string, times: number) => {
    const checks = story.restLog().filter(({ token, status }) => token === name && status === 200);
    expect(checks.length).toBeGreaterThanOrEqual(times);
  };
  await story.succeed(["ls-remote", url], { cwd });
  expect(credentials(story.gitLog())).toEqual(["x-bitbucket-api-token-auth T"]);
  expectChecks("T", 1);
  await runs(story, ["status", "--check"], { cwd });
  expectChecks("T", 2);
  const input = `${story.site.apiToken("alice", { name: "U" }).secret}\n`;
  await runs(story, ["login", "--with-token", "--account=second", ...asAlice], { cwd, input });
  expectChecks("U", 1);
}

describe.each(hostilePlaces)("$title", ({ make }) => {
  test("does not name the address of REST", async () => {
    const story = await openPatientStory();
    const cwd = await make(story, {
      "credential.bitbucketApiUrl": evil,
      "credential.bitbucket.org.bitbucketApiUrl": evil,
      "credential.https://bitbucket.org.bitbucketApiUrl": evil,
      [`credential.${url}.bitbucketApiUrl`]: evil,
    });
    await worksThere(story, cwd);
    expect(story.simulator.requests("elsewhere")).toEqual([]);
  });

  test("does not put a proxy and an authority between us and REST", async () => {
    const story = await openPatientStory();
    const evilCa = await makePrivateCa(await folderOf(story, "evil"));
    const { key, cert } = await evilCa.issue(["DNS:api.bitbucket.org"]);
    const files = ["key", "cert", "seen"].map((name) => join(story.work, "evil", name));
    const [keyFile = "", certFile = "", seen = ""] = files;
    await writeFile(keyFile, key);
    await writeFile(certFile, cert);
    const proxy = story.start(process.execPath, [interceptor, keyFile, certFile, seen]);
    const [port] = (await once(proxy.stdout ?? proxy, "data")) as [Buffer];
    const address = `http://127.0.0.1:${port.toString().trim()}`;
    const authority = "/proc/self/cwd/ca.crt";
    const cwd = await make(story, {
      "http.https://api.bitbucket.org.proxy": address,
      "http.https://api.bitbucket.org.sslCAInfo": authority,
      "http.https://api.bitbucket.org.sslCAPath": "/proc/self/cwd",
      "http.https://*.bitbucket.org/.proxy": address,
      "http.https://*.bitbucket.org/.sslCAInfo": authority,
    });
    await copyFile(evilCa.file, join(cwd, "ca.crt"));
    await worksThere(story, cwd);
    // Git itself would go through this one, so that only commands of ours are tried.
    await story.succeed(["config", "http.proxy", address], { cwd, env: gitDirOf(cwd) });
    await story.succeed(["config", "http.sslCAInfo", authority], { cwd, env: gitDirOf(cwd) });
    expect(await story.helper(["status", "--check"], { cwd })).toMatchObject({ exitCode: 0 });
    await expect(readFile(seen, "utf8")).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("does not name hosts, and configure takes none over from there", async () => {
    const story = await openStory();
    const file = join(story.home, ".gitconfig");
    await appendFile(file, '[credential "https://github.com"]\n\thelper = store\n');
    const before = await readFile(file, "utf8");
    const cwd = await make(story, {
      "credential.bitbucketHosts": "github.com elsewhere.example",
      "credential.https://github.com.bitbucketHosts": "github.com",
    });
    const { stdout, exitCode } = await story.helper(["configure"], { cwd });
    expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
    const after = await readFile(file, "utf8");
    expect(after.match(/^.*github.*$/gmu)).toEqual(before.match(/^.*github.*$/gmu));
    expect(after).not.toContain("elsewhere.example");
    await story.login(story.site.apiToken("alice", { name: "T" }), asAlice);
    const input = "protocol=https\nhost=elsewhere.example\n";
    expect((await story.helper(["get"], { cwd, input })).stdout).toBe("");
  });

  test("has nothing written, changes neither store nor checks, and breaks nothing", async () => {
    const story = await openPatientStory();
    const profile = join(story.home, ".bashrc");
    const cwd = await make(story, {
      "credential.bitbucketLogFile": profile,
      "credential.bitbucketLogLevel": "trace",
      "credential.https://bitbucket.org.bitbucketLogFile": profile,
      "credential.https://bitbucket.org.bitbucketLogLevel": "trace",
      "credential.bitbucketStore": "keychain",
      "credential.bitbucketValidate": "never",
      "credential.bitbucketDaemon": "perhaps",
      "credential.bitbucketTimeout": "0",
      "credential.bitbucketCacheTimeout": "1 century",
      "credential.https://bitbucket.org.bitbucketIdleTimeout": "-1",
    });
    await worksThere(story, cwd);
    await story.git(["ls-remote", "https://$(touch pwned)@bitbucket.org/acme/api.git"], { cwd });
    await expect(access(profile)).rejects.toMatchObject({ code: "ENOENT" });
    const accounts = await registryOf(story).read();
    expect(accounts.map(({ store }) => store)).toEqual(["file", "file"]);
  });
});

const interceptor = new URL("interceptor.mjs", import.meta.url).pathname;

async function folderOf(story: Story, name: string): Promise<string> {
  const path = join(story.work, name);
  await mkdir(path);
  return path;
}

/** A bare repository inside of a clone is configured by name. */
const gitDirOf = (cwd: string) => (cwd.endsWith("/bare") ? { GIT_DIR: cwd } : {});

describe("the person's own configuration", () => {
  test("names the address of REST, also for some folders only", async () => {
    const story = await openStory();
    const mine = join(story.work, "mine");
    await story.succeed(["init", "--quiet", mine]);
    const file = join(story.home, ".gitconfig");
    await appendFile(file, `[includeIf "gitdir:${mine}/"]\n\tpath = there.config\n`);
    await writeFile(
      join(story.home, "there.config"),
      `[credential]\n\tbitbucketApiUrl = ${evil}\n`,
    );
    await story.login(story.site.apiToken("alice", { name: "T" }), asAlice);
    await story.helper(["status", "--check"]);
    expect(story.simulator.requests("elsewhere")).toEqual([]);
    await story.helper(["status", "--check"], { cwd: mine });
    expect(story.simulator.requests("elsewhere")).toMatchObject([{ carriesSecret: true }]);
    story.forgetLog();
    const env = {
      GIT_CONFIG_PARAMETERS: `'credential.https://bitbucket.org.bitbucketApiUrl=${evil}'`,
    };
    await story.helper(["status", "--check"], { env });
    expect(story.simulator.requests("elsewhere")).toHaveLength(1);
  });

  test("configure --local writes into the repository, with the person's hosts", async () => {
    const story = await openStory({ gitConfig: { "credential.bitbucketHosts": "own.example" } });
    const cwd = join(story.work, "repository");
    await story.succeed(["init", "--quiet", cwd]);
    await story.succeed(["config", "credential.bitbucketHosts", "github.com"], { cwd });
    expect(await story.helper(["configure", "--local"], { cwd })).toMatchObject({ exitCode: 0 });
    const listed = await story.succeed(["config", "--local", "--includes", "--list"], { cwd });
    const text = listed.stdout;
    expect(text).toContain("credential.https://own.example.helper=");
    expect(text).not.toContain("https://github.com");
  });
});

test("in any repository, the daemon goes on answering from memory", async () => {
  const story = await openStory();
  await story.login(story.site.apiToken("alice", { name: "T" }), asAlice);
  const clone = await story.clone(url, "one");
  const lines = { "credential.bitbucketDaemon": "false", "credential.bitbucketValidate": "always" };
  for (const [key, value] of Object.entries(lines))
    await story.succeed(["config", key, value], { cwd: clone });
  const before = (await daemonStatus(story.env))?.hits ?? 0;
  story.forgetLog();
  await story.succeed(["fetch"], { cwd: clone });
  expect(story.restLog()).toEqual([]);
  const after = (await daemonStatus(story.env))?.hits ?? 0;
  expect(after - before).toBe(daemonMode === "on" ? 1 : 0);
});
