// Programs are found on PATH's absolute entries, and nowhere else: what a repository holds is never run.
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gitEnvironment } from "../../src/processes/child-environment.ts";
import { findBrowser } from "../../src/ask/browser.ts";
import { findProgram, pathOf, withAbsolutePath } from "../../src/processes/find-program.ts";
import { openPty } from "../support/pty.ts";
import { programScript } from "../support/project.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

const started = () => join(sandbox.work, "started");

const found = (name: string, folders: string, ...files: readonly string[]) =>
  findProgram(name, folders, "win32", (path) => files.includes(path));

describe("a repository with programs in it", () => {
  const names = ["git", "xdg-open", "node", "sh", "ps", "ls", "cmd", "rundll32.exe", "git.exe"];
  beforeEach(async () => {
    const repository = join(sandbox.work, "repository");
    await sandbox.run("git", ["init", "--quiet", repository]);
    for (const folder of [repository, join(repository, "bin")]) {
      await mkdir(folder, { recursive: true });
      for (const name of names) {
        await writeFile(join(folder, name), `#!/bin/sh\necho "${name} $*" >>'${started()}'\n`);
        await chmod(join(folder, name), 0o755);
      }
    }
    // Where a browser is looked for behind them.
    const real = join(sandbox.work, "real");
    await mkdir(real);
    await writeFile(join(real, "xdg-open"), `#!/bin/sh\necho "$PATH" >'${real}/opened'\n`);
    await chmod(join(real, "xdg-open"), 0o755);
  });

  test.each([
    ":/usr/bin",
    ".:/usr/bin",
    "/usr/bin:",
    "bin:/usr/bin",
    "::/usr/bin",
    "./bin:/usr/bin:.",
  ])("is never asked, with PATH=%s", async (path) => {
    const cwd = join(sandbox.work, "repository");
    const env = { PATH: path };
    const program = (args: readonly string[], input?: string) =>
      sandbox.run(process.execPath, [programScript, ...args], { cwd, env, input });
    const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";
    expect(await program(["get"], request)).toMatchObject({ stderr: "", exitCode: 0 });
    await program(["configure", "--local"]);
    await program(["doctor"]);
    await program(["migrate", "--dry-run"]);
    await program(["daemon", "start"]);
    await program(["status"]);
    const real = join(sandbox.work, "real");
    // Only the program gets that PATH, not what starts it. This machine may have a browser of its own.
    const folders = path.replace("/usr/bin", `${real}:/usr/bin`);
    const start = ["/usr/bin/env", `PATH=${folders}`, process.execPath];
    const person = await openPty({
      command: [...start, programScript, "login"],
      cwd,
      env: { ...sandbox.env, DISPLAY: ":0" },
    });
    await person.sees("Open that page in the browser? (y/n) [n]: ");
    person.types("y\r");
    await person.sees("Token (not shown): ");
    person.types("\u0003");
    await person.ended();
    await expect
      .poll(() => readFile(join(real, "opened"), "utf8").catch(() => ""), { timeout: 20_000 })
      .toBe(`${real}:/usr/bin\n`);
    await expect(readFile(started(), "utf8")).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("is not asked either when there is no other git", async () => {
    const cwd = join(sandbox.work, "repository");
    const words = [programScript, "status"];
    for (const PATH of ["", ".", "bin:", join(sandbox.work, "empty")]) {
      const { stderr, exitCode } = await sandbox.run(process.execPath, words, {
        cwd,
        env: { PATH },
      });
      expect({ stderr, exitCode }).toEqual({
        stderr:
          "git-credential-bitbucket: error: git is not found on PATH\n" +
          "git-credential-bitbucket: hint: command -v git\n",
        exitCode: 1,
      });
    }
    await expect(readFile(started(), "utf8")).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("on Windows (not run there)", () => {
  const git = String.raw`C:\Program Files\Git\cmd\git.exe`;

  test("only .exe and .com count, in that order", () => {
    expect(found("git", String.raw`C:\x;C:\Program Files\Git\cmd`, git)).toBe(git);
    const scripts = ["git", "git.bat", "git.cmd", "git.ps1"].map((name) => `C:\\x\\${name}`);
    expect(found("git", String.raw`C:\x`, ...scripts)).toBeUndefined();
    const both = [String.raw`C:\x\git.com`, String.raw`C:\x\git.exe`];
    expect(found("git", String.raw`C:\x`, ...both)).toBe(String.raw`C:\x\git.exe`);
    expect(found("more", String.raw`C:\x`, String.raw`C:\x\more.com`)).toBe(
      String.raw`C:\x\more.com`,
    );
  });

  test("what hangs on the current folder or drive does not count", () => {
    for (const folders of [
      "",
      ".",
      ";",
      String.raw`.\bin`,
      "bin",
      "C:bin",
      String.raw`\bin`,
      "/bin",
      "C:",
      String.raw`\\?\C:\x`,
    ]) {
      const tried: string[] = [];
      findProgram("git", folders, "win32", (path) => tried.push(path) < 0);
      expect(tried).toEqual([]);
    }
    const share = String.raw`\\server\tools\git.exe`;
    expect(found("git", String.raw`"C:\Program Files\Git\cmd"`, git)).toBe(git);
    expect(found("git", String.raw`.;\\server\tools`, share)).toBe(share);
    expect(found("git", "d:/tools", String.raw`d:\tools\git.exe`)).toBe(
      String.raw`d:\tools\git.exe`,
    );
  });

  test("PATH has whatever case it has, and children get it without the rest", () => {
    const env = { Path: String.raw`.;C:\a;;\b;C:\c`, HOME: "x" };
    expect(pathOf(env, "win32")).toBe(env.Path);
    expect(withAbsolutePath(env, "win32")).toEqual({
      Path: String.raw`C:\a;C:\c`,
      HOME: "x",
      NoDefaultCurrentDirectoryInExePath: "1",
    });
    expect(pathOf({}, "win32")).toBe("");
  });

  test("the browser is opened without cmd", () => {
    // Of this machine's files none is C:\Windows\System32\rundll32.exe.
    const env = { Path: String.raw`C:\Windows\System32` };
    expect(findBrowser({ env, platform: "win32" })).toBeUndefined();
  });
});

describe("elsewhere", () => {
  test("a folder of that name and a file that cannot be run are no program", async () => {
    const [one, two, three] = ["one", "two", "three"].map((name) => join(sandbox.work, name));
    await mkdir(join(one ?? "", "git"), { recursive: true });
    for (const folder of [two, three]) {
      await mkdir(folder ?? "");
      await writeFile(join(folder ?? "", "git"), "");
    }
    await chmod(join(three ?? "", "git"), 0o755);
    expect(findProgram("git", [one, two, three].join(":"))).toBe(join(three ?? "", "git"));
  });

  test("without PATH the system's folders count", () => {
    expect(pathOf({})).toBe("/usr/bin:/bin");
    expect(withAbsolutePath({ PATH: ":." })).toEqual({ PATH: "/usr/bin:/bin" });
  });

  test("git gets neither a token nor what leads it astray", () => {
    const env = {
      PATH: "/a:.:/b",
      BITBUCKET_TOKEN: "x",
      GIT_CONFIG: "y",
      GIT_EXEC_PATH: "bin",
      https_proxy: "http://ada:secret@proxy",
      GIT_CREDENTIAL_BITBUCKET_TICKET: "t",
      A: "b",
    };
    expect(gitEnvironment(env)).toEqual({ PATH: "/a:/b", A: "b" });
    expect(gitEnvironment({ GIT_EXEC_PATH: "/git" })).toMatchObject({ GIT_EXEC_PATH: "/git" });
  });
});
