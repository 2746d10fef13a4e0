// doctor: git, node, the command on PATH, settings and the environment, each out of order for real.
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { installFront } from "../../support/front.ts";
import { failed, ok, openExamination, reportOf, skipped, warning } from "./run-doctor.ts";

const { desk, runDoctor } = openExamination();
const installAgain = "./install/install.sh   # in a clone of git-credential-bitbucket";
const someVersion = expect.stringMatching(/^\d+\.\d+\.\d+$/u);

async function folder(name: string): Promise<string> {
  const path = join(desk.world.work, name);
  await mkdir(path, { recursive: true });
  return path;
}

async function script(path: string, text: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

/** With a PATH that only the program gets, not what starts it. */
async function examineOn(path: string, front = desk.world.front) {
  const words = [`PATH=${path}`, front, "doctor", "--json"];
  const { stdout, exitCode } = await desk.world.run("/usr/bin/env", words);
  return reportOf(stdout, exitCode);
}

describe("git", () => {
  test("any version from 2.17 on is in order", async () => {
    expect((await runDoctor()).of("git")).toEqual([ok(someVersion)]);
  });

  test("missing: what needs it is skipped, everything else is looked at", async () => {
    const report = await examineOn(await folder("empty"));
    expect(report.of("git")).toEqual([failed("git is not found on PATH", "command -v git")]);
    expect(report.of("node")).toEqual([ok(someVersion)]);
    expect(report.of("socket folder")).toMatchObject([{ result: "ok" }]);
    expect(report.exitCode).toBe(1);
  });

  test("too old", async () => {
    const old = await folder("old-git");
    const real = (await desk.world.run("sh", ["-c", "command -v git"])).stdout.trim();
    await script(
      join(old, "git"),
      `case "$*" in *--version) echo git version 2.16.6; exit ;; esac\nexec ${real} "$@"`,
    );
    const report = await examineOn(`${old}:${desk.world.env["PATH"]}`);
    expect(report.of("git")).toEqual([
      failed("git 2.16.6 is too old: 2.17 or later is needed", expect.stringContaining("git")),
    ]);
  });
});

describe("node", () => {
  test("the one of the installation is gone", async () => {
    const front = join(await folder("moved"), "git-credential-bitbucket");
    const text = await readFile(desk.world.front, "utf8");
    const moved = text.replaceAll(desk.world.front, front);
    await writeFile(front, moved.replace(/^node=.*$/mu, "node='/gone/it'\\''s/node'"));
    await chmod(front, 0o755);
    const report = await examineOn(desk.world.env["PATH"] ?? "", front);
    expect(report.of("node")).toEqual([
      warning(
        expect.stringMatching(
          /^\/gone\/it's\/node, which was there at the installation, is gone: node \d+\.\d+\.\d+ of PATH serves$/u,
        ),
        installAgain,
      ),
    ]);
  });
});

test("a node whose path has other letters than ASCII's is there", async () => {
  const odd = await folder("Käthe \u{1F41F}");
  await symlink(process.execPath, join(odd, "node"));
  const front = await installFront(join(odd, "bin"), { node: join(odd, "node") });
  const report = await examineOn(desk.world.env["PATH"] ?? "", front);
  expect(report.of("node")).toEqual([ok(someVersion)]);
});

const withoutOurs = () =>
  (desk.world.env["PATH"] ?? "").replace(`${dirname(desk.world.front)}:`, "");

describe("the command", () => {
  test("is this program", async () => {
    expect((await runDoctor()).of("command")).toEqual([
      ok(`git credential-bitbucket is ${desk.world.front}`),
    ]);
  });

  test("is not on PATH", async () => {
    expect((await examineOn(withoutOurs())).of("command")).toEqual([
      warning(
        "PATH has no git-credential-bitbucket, so git does not know the command",
        `export PATH=${dirname(desk.world.front)}:"$PATH"`,
      ),
    ]);
  });

  test("is another copy", async () => {
    const other = join(await folder("other"), "git-credential-bitbucket");
    await copyFile(desk.world.front, other);
    const report = await examineOn(`${dirname(other)}:${desk.world.env["PATH"]}`);
    expect(report.of("command")).toEqual([
      warning(
        `git credential-bitbucket is another copy, ${other}`,
        "type -a git-credential-bitbucket",
      ),
    ]);
  });
});

describe("settings", () => {
  test("without meaning: told once, and what needs them is skipped", async () => {
    const report = await runDoctor({ env: { GIT_CREDENTIAL_BITBUCKET_STORE: "paper" } });
    expect(report.of("settings")).toEqual([
      failed(
        "GIT_CREDENTIAL_BITBUCKET_STORE must be keychain, file, pass or docker-credential-NAME",
        "unset GIT_CREDENTIAL_BITBUCKET_STORE",
      ),
    ]);
    for (const title of ["helper chain", "accounts", "store", "daemon", "bitbucket"])
      expect(report.of(title)).toEqual([skipped("it needs what failed above")]);
    expect(report.exitCode).toBe(1);
  });

  test("that are set, without values that name a host or a folder", async () => {
    const env = {
      GIT_CREDENTIAL_BITBUCKET_STORE: "file",
      GIT_CREDENTIAL_BITBUCKET_HOSTS: "git.example.com",
    };
    const hidden = await runDoctor({ env });
    expect(hidden.of("settings")).toEqual([
      ok("GIT_CREDENTIAL_BITBUCKET_STORE=file, GIT_CREDENTIAL_BITBUCKET_HOSTS is set"),
    ]);
    const shown = await runDoctor({ env }, ["--verbose"]);
    expect(shown.of("settings")).toEqual([
      ok("GIT_CREDENTIAL_BITBUCKET_STORE=file, GIT_CREDENTIAL_BITBUCKET_HOSTS=git.example.com"),
    ]);
  });
});

const withToken = (BITBUCKET_TOKEN: string) => runDoctor({ env: { BITBUCKET_TOKEN } });

describe("the environment", () => {
  test("variables are named, and no others", async () => {
    const env = { CI: "1", NO_PROXY: "secret.example", ACME_PASSWORD: "hunter2" };
    const { rows, of } = await runDoctor({ env });
    expect(of("environment")).toEqual([
      ok(
        "set: CI, GIT_TERMINAL_PROMPT, GIT_CONFIG_NOSYSTEM, XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME, XDG_RUNTIME_DIR, NO_PROXY",
      ),
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/secret\.example|hunter2|ACME/u);
  });

  test("a token in it", async () => {
    expect((await runDoctor()).of("BITBUCKET_TOKEN")).toEqual([skipped("it is not set")]);
    const { secret } = desk.world.site.accessToken({ workspace: "acme" });
    expect((await withToken(secret)).of("BITBUCKET_TOKEN")).toEqual([
      ok("it is set: git gets that access token"),
    ]);
    await desk.runs(["login", "--with-token", "--workspace", "acme"], `${secret}\n`);
    const beside = await withToken(secret);
    expect(beside.of("BITBUCKET_TOKEN")).toEqual([
      warning(
        "BITBUCKET_TOKEN is set: git gets that access token and no account's",
        "unset BITBUCKET_TOKEN",
      ),
    ]);
    expect(beside.exitCode).toBe(0);
  });

  test("an app password in it, and what no line can carry", async () => {
    expect(
      (await withToken(desk.world.site.appPassword("alice").secret)).of("BITBUCKET_TOKEN"),
    ).toEqual([
      failed("bitbucket does not accept app passwords any more", "unset BITBUCKET_TOKEN"),
    ]);
    const broken = await withToken("two\nlines");
    expect(broken.of("BITBUCKET_TOKEN")).toMatchObject([{ result: "failed" }]);
    expect(broken.of("store")).toMatchObject([{ result: "ok" }, { result: "skipped" }]);
    expect(broken.exitCode).toBe(1);
  });
});
