// The Debian package: lintian finds nothing, dpkg installs and removes it, and what it installed clones.
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClone, readTree } from "../install/clone.ts";
import { openSandbox, type RunResult, type Sandbox } from "../support/sandbox.ts";
import { openWorld } from "../support/world.ts";
import { makePackage, makeRoot } from "./system-root.ts";

let sandbox: Sandbox;
let clone: string;
let file: string;

beforeAll(async () => {
  sandbox = await openSandbox();
  clone = await makeClone(sandbox);
  file = await makePackage(sandbox, clone, "one");
}, 120_000);
afterAll(async () => await sandbox.close());

async function succeed(command: string, args: readonly string[]): Promise<RunResult> {
  const result = await sandbox.run(command, args, { cwd: clone });
  expect(result).toMatchObject({ exitCode: 0 });
  return result;
}

test("lintian finds nothing wrong", async () => {
  const { stdout } = await succeed("lintian", ["--fail-on=error,warning", file]);
  expect(stdout).toBe("");
});

test("the same sources make the same package", async () => {
  const { stdout } = await succeed("cmp", [file, await makePackage(sandbox, clone, "two")]);
  expect(stdout).toBe("");
});

test("installed, it logs in, clones and completes; removed, it leaves nothing", async () => {
  const { folder: root, dpkg } = await makeRoot(sandbox);
  const before = await filesOf(root);
  await dpkg("--install", file);
  const world = await openWorld({ helper: "none" });
  try {
    const bin = join(root, "usr/bin");
    const env = { PATH: `${bin}:${sandbox.env["PATH"]}` };
    const git = async (args: readonly string[], input = "") => {
      const result = await world.git(args, { env, input });
      expect(result).toMatchObject({ exitCode: 0 });
      return result.stdout;
    };
    await git(["credential-bitbucket", "configure"]);
    const helper = await git(["config", "--get-all", "credential.https://bitbucket.org.helper"]);
    expect(helper).toBe(`\n${join(bin, "git-credential-bitbucket")}\n`);
    const { secret } = world.site.accessToken({ workspace: "acme" }, { name: "T" });
    await git(["credential-bitbucket", "login", "--with-token", "--workspace=acme"], secret);
    await git(["clone", "--quiet", "https://bitbucket.org/acme/api.git", "api"]);
    expect(world.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });
  } finally {
    await world.close();
  }
  const page = join(root, "usr/share/man/man1/git-credential-bitbucket.1.gz");
  const shown = await succeed("man", ["--local-file", "--pager=cat", page]);
  expect(shown.stdout).toContain("Git credential helper for Bitbucket Cloud");
  await succeed("bash", [
    "-n",
    join(root, "usr/share/bash-completion/completions/git-credential-bitbucket"),
  ]);
  await succeed("fish", [
    "-n",
    join(root, "usr/share/fish/vendor_completions.d/git-credential-bitbucket.fish"),
  ]);
  await succeed("zsh", [
    "-n",
    join(root, "usr/share/zsh/vendor-completions/_git-credential-bitbucket"),
  ]);

  await dpkg("--purge", "git-credential-bitbucket");
  expect(await filesOf(root)).toEqual(before);
}, 120_000);

/** Without dpkg's own notes. */
async function filesOf(root: string): Promise<readonly string[]> {
  return (await readTree(root)).filter((line) => !/^(?:usr\/? |var)/u.test(line));
}

test("removed, it ends its daemon, leaves the system's configuration, and says what persons have to do", async () => {
  const { folder: root, dpkg } = await makeRoot(sandbox);
  await dpkg("--install", file);
  const front = join(root, "usr/bin/git-credential-bitbucket");
  const system = join(sandbox.work, "system");
  const env = { GIT_CONFIG_SYSTEM: system, GIT_CONFIG_NOSYSTEM: undefined };
  const call = async (...args: readonly string[]) => {
    const result = await sandbox.run(front, args, { env });
    expect(result).toMatchObject({ exitCode: 0 });
    return result.stdout;
  };
  await call("configure", "--system");
  await call("configure");
  const [pid = ""] = /\d+/u.exec(await call("daemon", "start")) ?? [];
  Object.assign(sandbox.env, { GIT_CONFIG_SYSTEM: system, GIT_CONFIG_NOSYSTEM: "0" });
  const { stdout } = await dpkg("--remove", "git-credential-bitbucket");
  const own = join(sandbox.home, ".gitconfig.git-credential-bitbucket");
  expect(stdout).toContain(
    `git still runs git-credential-bitbucket, as ${own} says; to end that: rm '${own}'\n`,
  );
  await expect.poll(() => isAlive(Number(pid)), { timeout: 20_000 }).toBe(false);
  await expect(lstat(system)).rejects.toThrow("ENOENT");
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("the keychain's library is the one for this machine", async () => {
  const { stdout } = await succeed("dpkg-deb", ["--contents", file]);
  const libraries = stdout.split("\n").filter((line) => line.endsWith(".node"));
  expect(libraries).toHaveLength(1);
  expect(libraries[0]).toContain(`/linux-${process.arch}/keytar.node`);
  expect(await readdir(join(sandbox.work, "one"))).toHaveLength(1);
});
