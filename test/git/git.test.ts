import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Git, openGit } from "../../src/git/git.ts";
import { listConfig } from "../../src/git/git-configuration.ts";
import { findTopLevel, guessEmail, listRemotes } from "../../src/git/git-repository.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
let git: Git;
beforeEach(async () => {
  sandbox = await openSandbox();
  git = openGit({ env: sandbox.env, cwd: sandbox.work });
});
afterEach(() => sandbox.close());

const failure = async (...args: Parameters<Git["run"]>): Promise<unknown> =>
  await git.run(...args).catch((error: unknown) => error);

describe("openGit", () => {
  it("gives back what git writes, byte for byte, and the exit codes that are ok", async () => {
    expect(await git.run(["stripspace"], { input: "a  \n\n\n\nb\n" })).toEqual({
      stdout: "a\n\nb\n",
      exitCode: 0,
    });
    expect(await git.run(["config", "no.such"], { okExitCodes: [0, 1] })).toEqual({
      stdout: "",
      exitCode: 1,
    });
  });

  it("says what git says, in English and without escapes", async () => {
    const german = openGit({ env: { ...sandbox.env, LANG: "de_DE.UTF-8" }, cwd: sandbox.work });
    await expect(german.run(["rev-parse", "--show-toplevel"])).rejects.toMatchObject({
      code: "git",
      // What stands in the parentheses depends on where the file system of the temporary folder begins.
      message: expect.stringMatching(/^git rev-parse failed: not a git repository \(or any .*\)/u),
    });
    expect(await failure(["no-such\u001b[2Jcommand"])).toMatchObject({
      message: expect.not.stringContaining("\u001b"),
    });
  });

  it("shows neither arguments nor input nor a secret that git repeats", async () => {
    const secret = `ATATT3xFfGF0${"q".repeat(60)}`;
    const url = `https://ada:${secret}@bitbucket.invalid/a/b`;
    const errors = [
      await failure(["ls-remote", "--", `file://${sandbox.work}/${secret}`]),
      await failure(["config", "--get-urlmatch", "http", `ht tp://${secret}`]),
      await failure(["-c", `url.${url}.insteadOf=x:`, "rev-parse", `--${secret}`, secret]),
      await failure(["credential", "approve"], { input: `hunter2 ${secret}\n` }),
      await failure(["credential", "fill"], { input: `url=${secret}\npassword hunter2\n` }),
      await failure(["mktree"], { input: "hunter2\n" }),
    ];
    for (const error of errors.slice(0, 3)) expect(error).toMatchObject({ code: "git" });
    expect(errors.at(-1)).toMatchObject({ message: "git mktree failed: exit code 128" });
    for (const error of errors) {
      const shown = `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack ?? ""}`;
      expect(shown).not.toMatch(/hunter2|qqqqqq/u);
      expect(error).not.toHaveProperty("cause");
    }
  });

  it("hands on the environment, less the token, and never lets git ask", async () => {
    const env = { ...sandbox.env, BITBUCKET_TOKEN: "hunter2", GIT_CONFIG_GLOBAL: "/dev/null" };
    const args = ["-c", "alias.show-env=!env", "show-env"];
    const { stdout } = await openGit({ env, cwd: sandbox.work }).run(args);
    expect(stdout).toContain(`HOME=${sandbox.home}\n`);
    expect(stdout).toContain("GIT_CONFIG_GLOBAL=/dev/null\n");
    expect(stdout).toContain("GIT_TERMINAL_PROMPT=0\n");
    expect(stdout).not.toContain("hunter2");
  });

  it("says that git is missing", async () => {
    const lost = openGit({ env: { ...sandbox.env, PATH: sandbox.work }, cwd: sandbox.work });
    await expect(lost.run(["version"])).rejects.toMatchObject({
      code: "git",
      message: "git is not found on PATH",
      hint: "command -v git",
    });
  });
});

describe("what git knows", () => {
  it("is the work tree, from anywhere in it, and none outside", async () => {
    expect(await findTopLevel(git)).toBeUndefined();
    await git.run(["init", "--quiet", "my tree\n"]);
    const below = join(sandbox.work, "my tree\n/a");
    await mkdir(below);
    expect(await findTopLevel(git, below)).toBe(join(sandbox.work, "my tree\n"));
  });

  it("is every URL of every remote as it stands", async () => {
    expect(await listRemotes(git)).toEqual([]);
    await git.run(["init", "--quiet"]);
    await git.run(["remote", "add", "origin", "https://ada@bitbucket.org/acme/api.git"]);
    await git.run(["remote", "add", "up.url.x", "x:acme/api"]);
    await git.run(["config", "remote.origin.pushurl", "https://bitbucket.org/acme/push.git"]);
    await git.run(["config", "url.https://bitbucket.org/.insteadOf", "x:"]);
    expect(await listRemotes(git)).toEqual([
      { name: "origin", url: "https://ada@bitbucket.org/acme/api.git", push: false },
      { name: "origin", url: "https://bitbucket.org/acme/push.git", push: true },
      { name: "up.url.x", url: "x:acme/api", push: false },
    ]);
  });

  it("is a guess at the email", async () => {
    expect(await guessEmail(git)).toBeUndefined();
    await git.run(["config", "--global", "user.email", "ada@example.com"]);
    expect(await guessEmail(git)).toBe("ada@example.com");
  });
});

describe("git's configuration", () => {
  it("is listed in git's order with scope and origin", async () => {
    await writeFile(join(sandbox.home, "more"), "[a]\n valueless\n text = two\\nlines\n");
    await writeFile(join(sandbox.home, ".gitconfig"), '[include]\n path = more\n[A "B"]\n C = d\n');
    await git.run(["init", "--quiet"]);
    await git.run(["config", "credential.helper", ""]);
    const parameters = "'x.y=z'";
    const entries = await listConfig(
      openGit({
        env: { ...sandbox.env, GIT_CONFIG_PARAMETERS: parameters },
        cwd: sandbox.work,
      }),
    );
    const file = (name: string) => `file:${join(sandbox.home, name)}`;
    expect(entries.slice(0, 4)).toEqual([
      { scope: "global", origin: file(".gitconfig"), key: "include.path", value: "more" },
      { scope: "global", origin: file("more"), key: "a.valueless", value: undefined },
      { scope: "global", origin: file("more"), key: "a.text", value: "two\nlines" },
      { scope: "global", origin: file(".gitconfig"), key: "a.B.c", value: "d" },
    ]);
    expect(entries).toContainEqual({
      scope: "local",
      origin: "file:.git/config",
      key: "credential.helper",
      value: "",
    });
    expect(entries.at(-1)).toEqual({
      scope: "command",
      origin: "command line:",
      key: "x.y",
      value: "z",
    });
  });

  it("is empty on a fresh machine", async () => {
    expect(await listConfig(git)).toEqual([]);
  });
});
