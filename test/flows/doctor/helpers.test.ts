// doctor: who else git asks for Bitbucket, told as git reads its configuration, with the file that says so.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { helperCommand } from "../../../src/git/helper-command.ts";
import { failed, ok, openExamination, warning } from "./run-doctor.ts";

const { desk, runDoctor } = openExamination();
const configure = "git credential-bitbucket configure";
const bitbucket = "credential.https://bitbucket.org";
let repository = "";

beforeEach(async () => {
  repository = join(desk.world.work, `repository-${Math.random()}`);
  await desk.world.git(["init", "--quiet", repository]);
});

/** Adds a value to the configuration of the repository that doctor is run in. */
async function add(key: string, value: string): Promise<void> {
  await desk.world.git(["config", "--local", "--add", key, value], { cwd: repository });
}

async function chain(env: Record<string, string> = {}) {
  const report = await runDoctor({ cwd: repository, env });
  return { found: report.of("helper chain"), exitCode: report.exitCode };
}

/** Only these lines are git's configuration, besides the repository's. */
async function only(text: string): Promise<Record<string, string>> {
  const home = join(repository, "only");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, ".gitconfig"), text);
  return { HOME: home, GIT_CREDENTIAL_BITBUCKET_API_URL: "http://127.0.0.1:9" };
}

const alone = ok("git asks this helper for bitbucket's hosts, and no other");

test("as configure leaves it", async () => {
  expect((await chain()).found).toEqual([alone]);
});

test("nobody has configured it", async () => {
  const { found, exitCode } = await chain(await only(""));
  expect(found).toEqual([
    failed("git does not ask this helper for bitbucket.org, www.bitbucket.org", configure),
  ]);
  expect(exitCode).toBe(1);
});

test("a configuration that was copied into a container", async () => {
  const env = await only("[include]\n\tpath = ~/.nowhere.git-credential-bitbucket\n");
  const { found } = await chain({ ...env, container: "podman" });
  expect(found).toEqual([
    failed(
      "git does not ask this helper for bitbucket.org, www.bitbucket.org: ~/.gitconfig includes ~/.nowhere.git-credential-bitbucket, which is not in this container",
      configure,
    ),
  ]);
});

test("a host of the settings that configure has not seen", async () => {
  const { found } = await chain({ GIT_CREDENTIAL_BITBUCKET_HOSTS: "git.example.com" });
  expect(found).toEqual([warning("git does not ask this helper for HOST", configure)]);
});

test.each([["credential.helper"], [`${bitbucket}.helper`]])(
  "a blank %s behind it takes it away",
  async (key) => {
    await add(key, "");
    expect(await chain()).toEqual({
      found: [
        failed(
          "a blank credential.helper in .git/config keeps git from asking this helper",
          "git credential-bitbucket configure --local",
        ),
      ],
      exitCode: 1,
    });
  },
);

test("a helper behind it gets copies: its name is told, and no more of it", async () => {
  await add("credential.helper", "store --file /somewhere/private");
  await add("credential.helper", "!f() { echo password=hunter2; }; f");
  const { found, exitCode } = await chain();
  const advice = "git credential-bitbucket configure --local";
  const says = "too, and gives it a copy of every token: .git/config says so";
  expect(found).toEqual([
    warning(`git asks store ${says}`, advice),
    warning(`git asks a shell helper ${says}`, advice),
  ]);
  expect(exitCode).toBe(0);
});

test("the advice takes both away", async () => {
  await add("credential.helper", "");
  await add("credential.helper", "store");
  await desk.world.git(["credential-bitbucket", "configure", "--local"], { cwd: repository });
  expect((await chain()).found).toEqual([alone]);
});

test("a helper before it, and no blank between", async () => {
  const ours = helperCommand(desk.world.front);
  const env = await only(`[credential]\n\thelper = store\n\thelper = ${ours}\n`);
  expect((await chain(env)).found).toEqual([
    warning(
      expect.stringMatching(
        /^git asks store before this helper, and gives it a copy of every token: .*\/\.gitconfig says so$/u,
      ),
      configure,
    ),
  ]);
});

test("helpers for other hosts are no affair of ours, and one for all subdomains is", async () => {
  await add("credential.https://github.com.helper", "store");
  await add("credential.http://bitbucket.org.helper", "store");
  expect((await chain()).found).toEqual([alone]);
  await add("credential.https://*.bitbucket.org.helper", "cache");
  expect((await chain()).found).toMatchObject([
    { result: "warning", message: expect.stringContaining("git asks cache too") },
  ]);
});

const linesFor = (program: string) =>
  `[credential]\n\thelper =\n\thelper = "${helperCommand(program).replaceAll("\\", "\\\\")}"\n`;

test("the program that git is to run is gone, or another copy", async () => {
  const gone = await chain(await only(linesFor("/not here/git-credential-bitbucket")));
  expect(gone.found).toEqual([
    failed(
      expect.stringMatching(
        /^the program that git is to run is gone: \/not here\/git-credential-bitbucket, as .*\/\.gitconfig says$/u,
      ),
      configure,
    ),
  ]);
  const other = join(repository, "git-credential-bitbucket");
  await writeFile(other, "#!/bin/sh\n", { mode: 0o755 });
  expect((await chain(await only(linesFor(other)))).found).toMatchObject([
    {
      result: "warning",
      message: expect.stringContaining("git runs another copy of this program"),
    },
  ]);
});

const httpPath = async (env = {}) => (await runDoctor({ cwd: repository, env })).of("useHttpPath");

test("without useHttpPath git does not say which repository it is about", async () => {
  expect(await httpPath()).toEqual([ok("git says which repository it is about")]);
  expect(await httpPath(await only(""))).toEqual([
    warning("git does not say which repository it is about", configure),
  ]);
  await add(`${bitbucket}.useHttpPath`, "false");
  expect(await httpPath()).toEqual([
    warning(
      "git does not say which repository it is about: .git/config says so",
      "git config --show-origin --get-regexp 'credential.*usehttppath'",
    ),
  ]);
});

test("a configuration that git cannot read", async () => {
  await mkdir(join(repository, ".git"), { recursive: true });
  await writeFile(join(repository, ".git/config"), "[broken\n");
  const report = await runDoctor({ cwd: repository });
  expect(report.of("settings")).toEqual([
    failed("git cannot read its configuration", "git config --list --show-origin"),
  ]);
  expect(report.exitCode).toBe(1);
});
