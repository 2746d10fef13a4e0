// Git's configuration as one listing: from gits old and new, from folders that are gone, and from files without an end.
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Environment } from "../../src/outside.ts";
import { isProtected } from "../../src/git/config-entries.ts";
import { readGitConfig } from "../../src/git/git-config.ts";
import { settingsFrom } from "../../src/settings/settings.ts";
import { gitHas } from "../support/git-features.ts";
import { programScript } from "../support/project.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
let repository: string;
beforeEach(async () => {
  sandbox = await openSandbox();
  repository = join(sandbox.work, "repository");
  await sandbox.run("git", ["init", "--quiet", repository]);
});
afterEach(() => sandbox.close());

const read = (cwd = repository, env: Environment = {}) =>
  readGitConfig({ cwd, env: { ...sandbox.env, ...env } });
const apiUrl = async (cwd?: string, env?: Environment) =>
  settingsFrom(await read(cwd, env), "https://bitbucket.org/acme/api.git", {}).apiUrl;
const write = (name: string, text: string) => writeFile(join(sandbox.home, name), text);
const local = (text: string) => writeFile(join(repository, ".git/config"), text);

/** A git of before 2.26: it knows no --show-scope, and is the installed one otherwise. */
async function oldGit(): Promise<Environment> {
  const bin = join(sandbox.work, "old");
  await mkdir(bin, { recursive: true });
  const real = execFileSync("sh", ["-c", "command -v git"], { env: sandbox.env }).toString().trim();
  const script = `#!/bin/sh
for word do
  [ "$word" != --show-scope ] || { echo "error: unknown option \\\`show-scope'" >&2; exit 129; }
done
echo "$*" >>'${bin}/asked'
exec '${real}' "$@"
`;
  await writeFile(join(bin, "git"), script);
  await chmod(join(bin, "git"), 0o755);
  return { PATH: [bin, sandbox.env["PATH"]].join(delimiter) };
}

async function furnish(): Promise<void> {
  await mkdir(join(sandbox.home, ".config/git"), { recursive: true });
  await write(".config/git/config", "[a]\n\tx = xdg\n\tvalueless\n[include]\n\tpath = ../more\n");
  await write(".config/more", "[a]\n\tx = two\\nlines\n");
  await write(
    ".gitconfig",
    `[a]\n\tx = home\n[includeIf "gitdir:${repository}/"]\n\tpath = here\n[includeIf "gitdir:~/elsewhere/"]\n\tpath = there\n`,
  );
  await write("here", "[a]\n\tx = here\n");
  await write("there", "[a]\n\tx = there\n");
}

describe("the scope of each entry", () => {
  test.runIf(gitHas.scopes)("is the same with a git that does not tell it", async () => {
    await furnish();
    // Of the person's own files, too: it would take their entries away where they are listed once.
    await local(
      `[core]\n\trepositoryFormatVersion = 1\n[a]\n\tx = local\n[include]\n\tpath = ${sandbox.home}/.gitconfig\n\tpath = ../one\n`,
    );
    await writeFile(join(repository, "one"), "[a]\n\tx = home\n");
    await sandbox.run("git", ["config", "extensions.worktreeConfig", "true"], { cwd: repository });
    const worktree = ["config", "--worktree", "a.x", "worktree"];
    await sandbox.run("git", worktree, { cwd: repository });
    const env = { GIT_CONFIG_PARAMETERS: "'a.x=command'" };
    const entries = await read(repository, env);
    const scopes = entries.map(({ scope }) => scope);
    expect(new Set(scopes)).toEqual(new Set(["global", "local", "worktree", "command"]));
    const old = await read(repository, { ...env, ...(await oldGit()) });
    // Both are the repository's.
    expect(old.map(({ scope }) => scope)).toEqual(
      scopes.map((scope) => (scope === "worktree" ? "local" : scope)),
    );
    const plain = entries.map(({ origin, key, value }) => [origin, key, value]);
    expect(old.map(({ origin, key, value }) => [origin, key, value])).toEqual(plain);
  });

  test("costs such a git three questions more", async () => {
    await furnish();
    const env = await oldGit();
    await read(repository, env);
    const asked = await readFile(join(sandbox.work, "old/asked"), "utf8");
    // The whole, and the two files of the person: there is none of the system here.
    expect(asked.trimEnd().split("\n")).toHaveLength(3);
  });

  test.each(["new", "old"])(
    "keeps a repository from deciding, with a git that is %s",
    async (age) => {
      const env = age === "old" ? await oldGit() : {};
      const evil = "[credential]\n\tbitbucketApiUrl = https://evil.example\n";
      await local(
        `[include]\n\tpath = ../evil\n${evil}[include]\n\tpath = ${sandbox.home}/.gitconfig\n`,
      );
      await writeFile(join(repository, "evil"), evil);
      expect(await apiUrl(repository, env)).toBe("https://api.bitbucket.org");
      const own = "[credential]\n\tbitbucketApiUrl = https://own.example\n";
      await write("here", own);
      await write(".gitconfig", `[includeIf "gitdir:${repository}/"]\n\tpath = here\n`);
      expect(await apiUrl(repository, env)).toBe("https://own.example");
      expect(await apiUrl(sandbox.work, env)).toBe("https://api.bitbucket.org");
      const parameters = "'credential.bitbucketapiurl=https://once.example'";
      expect(await apiUrl(repository, { ...env, GIT_CONFIG_PARAMETERS: parameters })).toBe(
        "https://once.example",
      );
    },
  );

  test.each([
    ["HOME", "."],
    ["XDG_CONFIG_HOME", "."],
    ["GIT_CONFIG_GLOBAL", ".gitconfig"],
    ["GIT_CONFIG", ".gitconfig"],
    ["GIT_CONFIG", ".git/config"],
  ])("is not the person's because %s is %s", async (name, value) => {
    const evil = "[credential]\n\tbitbucketApiUrl = https://evil.example\n";
    await mkdir(join(repository, "git"));
    for (const file of [".gitconfig", "git/config", ".git/config"])
      await writeFile(join(repository, file), evil);
    expect(await apiUrl(repository, { [name]: value })).toBe("https://api.bitbucket.org");
    const env = { ...(await oldGit()), [name]: value };
    expect(await apiUrl(repository, env)).toBe("https://api.bitbucket.org");
  });

  test.runIf(gitHas.bareOnlyByName)(
    "of a bare repository among a work tree's files is none",
    async () => {
      const bare = join(repository, "bare");
      await sandbox.run("git", ["init", "--quiet", "--bare", bare]);
      await sandbox.run("git", ["config", "a.x", "bare"], { cwd: bare });
      expect(await read(bare)).toEqual([]);
      expect(await read(bare, { GIT_DIR: bare })).toContainEqual(
        expect.objectContaining({ key: "a.x", scope: "local" }),
      );
    },
  );
});

test("origins tell files with an absolute path from those of the current folder", () => {
  const entry = { scope: "global", key: "a.b", value: "" } as const;
  for (const origin of ["file:/a", "file:C:/a", String.raw`file:C:\a`, "command line:"])
    expect(isProtected({ ...entry, origin })).toBe(true);
  for (const origin of ["file:a", "file:./a", "file:C:a", "file:~/a", "file:"])
    expect(isProtected({ ...entry, origin })).toBe(false);
});

describe("a file without an end", () => {
  const waiting = {
    code: "git",
    message: "git does not read its configuration within 10 s",
    hint: "git config --no-includes --show-origin --get-regexp '^include'",
  };

  test("a FIFO is not waited for", async () => {
    execFileSync("mkfifo", [join(repository, "fifo")]);
    await local("[include]\n\tpath = ../fifo\n");
    await expect(read()).rejects.toMatchObject(waiting);
  });

  test("devices, and what stands on stdin", async () => {
    const failed = { code: "git", message: "git cannot read its configuration" };
    for (const device of ["/dev/zero", "/dev/stdin"]) {
      await local(`[include]\n\tpath = ${device}\n`);
      await expect(read()).rejects.toMatchObject(failed);
    }
  });

  test("more than anybody writes", async () => {
    await local(`[a]\n${`\tx = ${"y".repeat(1000)}\n`.repeat(17_000)}`);
    await expect(read()).rejects.toMatchObject({
      code: "git",
      message: "git's configuration is larger than 16 MB",
    });
  });
});

describe("a folder that git cannot stand in", () => {
  test("is gone: the person's configuration holds all the same", async () => {
    await write(".gitconfig", "[a]\n\tx = home\n");
    const entries = await read(join(sandbox.work, "gone"), { GIT_DIR: ".git", GIT_WORK_TREE: "." });
    expect(entries).toMatchObject([{ key: "a.x", value: "home" }]);
  });

  test.each(["status", "doctor --brief", "explain https://bitbucket.org/acme/api"])(
    "is gone while the program runs in it: %s",
    async (command) => {
      const enter = `mkdir gone && cd gone && rmdir ../gone && exec "$0" ${programScript} ${command}`;
      const { stderr, exitCode } = await sandbox.run("sh", ["-c", enter, process.execPath]);
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: expect.any(Number) });
    },
  );

  test("has a name that is no text: conditions by folder hold", async () => {
    const odd = `${sandbox.work}/odd-$(printf '\\377\\n')x`;
    await write(".gitconfig", `[includeIf "gitdir:${sandbox.work}/odd*/"]\n\tpath = here\n`);
    await write("here", "[credential]\n\tbitbucketStore = paper\n");
    const words = `git init -q "${odd}" && cd "${odd}" && exec "$0" ${programScript} status`;
    const { stderr } = await sandbox.run("sh", ["-c", words, process.execPath]);
    expect(stderr).toContain(
      "credential.bitbucketStore must be keychain, file, pass or docker-credential-NAME",
    );
  });
});
