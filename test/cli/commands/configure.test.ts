// configure and unconfigure against real git: what git then runs, and that every former line is there again.
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { helperLines } from "../../../src/git/helper-lines.ts";
import { gitHas } from "../../support/git-features.ts";
import { programScript } from "../../support/project.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";

/** Of the file that ours stand in, beside the one that includes it. */
const suffix = ".git-credential-bitbucket";
const includeLine = `path = ~/.gitconfig${suffix}\n`;

let sandbox: Sandbox;
let front: string;
let config: string;

beforeEach(async () => {
  sandbox = await openSandbox();
  front = await makeFront(join(sandbox.work, "git-credential-bitbucket"));
  config = join(sandbox.home, ".gitconfig");
});
afterEach(async () => await sandbox.close());

/**
 * A front that answers like an account would, so that one sees in git's answer who was asked. It reads what git says: a git
 * before 2.18 dies when a helper does not.
 */
async function makeFront(path: string): Promise<string> {
  await writeFile(
    path,
    '#!/bin/sh\ncat >/dev/null\n[ "$1" = get ] && printf "username=us\\npassword=front\\n"\n',
  );
  await chmod(path, 0o755);
  return path;
}

async function command(name: string, args: readonly string[] = [], options = {}) {
  return await sandbox.program([name, ...args], {
    env: { GIT_CREDENTIAL_BITBUCKET_FRONT: front },
    ...options,
  });
}

async function succeeds(name: string, args: readonly string[] = [], options = {}) {
  const result = await command(name, args, options);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  return result.stdout;
}

async function git(args: readonly string[], options = {}): Promise<string> {
  const result = await sandbox.run("git", args, options);
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  return result.stdout;
}

/** Who answers git for this host: the username, or what git says when nobody does. */
async function whoAnswers(host: string, cwd = sandbox.work): Promise<string> {
  const input = `protocol=https\nhost=${host}\npath=acme/api.git\n\n`;
  const result = await sandbox.run("git", ["credential", "fill"], {
    input,
    cwd,
    env: { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "" },
  });
  return /^username=(.*)$/mu.exec(result.stdout)?.[1] ?? "nobody";
}

const other =
  '!f() { cat >/dev/null; test "$1" = get && printf "username=other\\\\npassword=\\"x y\\"\\\\n"; }; f';

describe("configure", () => {
  test("makes git ask the helper for bitbucket.org and www.bitbucket.org only, with the path", async () => {
    expect(await succeeds("configure")).toBe(
      `git now asks this helper for bitbucket.org, www.bitbucket.org, as ${config} says\n`,
    );
    expect(await git(["config", "--file", `${config}${suffix}`, "--list"])).toBe(
      ["bitbucket.org", "www.bitbucket.org"]
        .map((host) =>
          [
            `credential.https://${host}.helper=`,
            `credential.https://${host}.helper=${front}`,
            `credential.https://${host}.usehttppath=true`,
            "",
          ].join("\n"),
        )
        .join(""),
    );
    expect(await whoAnswers("bitbucket.org")).toBe("us");
    expect(await whoAnswers("www.bitbucket.org")).toBe("us");
    expect(await whoAnswers("github.com")).toBe("nobody");
    expect(await whoAnswers("bitbucket.org.evil.example")).toBe("nobody");
  });

  test("also for the hosts in credential.bitbucketHosts", async () => {
    await git(["config", "--global", "credential.bitbucketHosts", "bitbucket.example.com:8443"]);
    await succeeds("configure");
    expect(await whoAnswers("bitbucket.example.com:8443")).toBe("us");
    expect(await whoAnswers("bitbucket.example.com")).toBe("nobody");
  });

  test("changes nothing when run again", async () => {
    await succeeds("configure");
    const [before, time] = [await readFile(config), (await stat(config)).mtimeMs];
    expect(await succeeds("configure")).toBe(
      `nothing to do: ${config} names this helper already\n`,
    );
    expect(await readFile(config)).toEqual(before);
    expect((await stat(config)).mtimeMs).toBe(time);
  });

  test("follows a program that moved", async () => {
    await succeeds("configure");
    front = await makeFront(join(sandbox.work, "elsewhere"));
    await succeeds("configure");
    const key = "credential.https://bitbucket.org.helper";
    expect(await git(["config", "--get-all", key])).toBe(`\n${front}\n`);
  });

  test.each([
    "with space",
    "it's",
    'a "b"',
    "$HOME",
    "back\\slash",
    "ünï",
    "a;b & (c)",
    "#x",
    "~a",
    "*",
  ])("git runs a program in a folder named %s", async (name) => {
    await mkdir(join(sandbox.work, name));
    front = await makeFront(join(sandbox.work, name, "front"));
    await succeeds("configure");
    expect(await whoAnswers("bitbucket.org")).toBe("us");
  });

  test("refuses a program that git could not run", async () => {
    await chmod(front, 0o644);
    const result = await command("configure");
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain(`error: git could not run ${front}`);
    await expect(lstat(config)).rejects.toThrow("ENOENT");
  });

  test("comes before helpers for every host, wherever they stand in the file", async () => {
    await git(["config", "--global", "credential.https://bitbucket.org.username", "ada"]);
    await git(["config", "--global", "credential.helper", other]);
    await succeeds("configure");
    expect(await whoAnswers("bitbucket.org")).toBe("us");
    expect(await whoAnswers("github.com")).toBe("other");
  });

  test("tells of a helper in another file that git asks too, and how to mend it", async () => {
    const repository = join(sandbox.work, "repository");
    await git(["init", "-q", repository]);
    await git(["config", "credential.helper", "cache --timeout=9"], { cwd: repository });
    const result = await command("configure", [], { cwd: repository });
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toBe(
      [
        "git-credential-bitbucket: warning: git asks cache too, and gives it a copy of every token: .git/config says so",
        "git-credential-bitbucket: hint: git credential-bitbucket configure --local",
        "",
      ].join("\n"),
    );
    await succeeds("configure", ["--local"], { cwd: repository });
    await succeeds("configure", [], { cwd: repository });
  });

  test("tells of a later blank helper that shuts it out", async () => {
    const repository = join(sandbox.work, "repository");
    await git(["init", "-q", repository]);
    await git(["config", "credential.helper", ""], { cwd: repository });
    const { stderr } = await command("configure", [], { cwd: repository });
    expect(stderr).toContain(
      "a blank credential.helper in .git/config keeps git from asking this helper",
    );
    await succeeds("configure", ["--local"], { cwd: repository });
    expect(await whoAnswers("bitbucket.org", repository)).toBe("us");
  });

  test("tells of a file that takes the path away again", async () => {
    const repository = join(sandbox.work, "repository");
    await git(["init", "-q", repository]);
    await git(["config", "credential.https://bitbucket.org.useHttpPath", "false"], {
      cwd: repository,
    });
    const { stderr } = await command("configure", [], { cwd: repository });
    expect(stderr).toContain("warning: git leaves out the path of a repository");
    await succeeds("configure", ["--local"], { cwd: repository });
  });

  test("never shows a shell helper's text, which may hold a secret", async () => {
    const repository = join(sandbox.work, "repository");
    await git(["init", "-q", repository]);
    await git(["config", "credential.helper", "!echo password=hunter2"], { cwd: repository });
    const { stderr } = await command("configure", [], { cwd: repository });
    expect(stderr).toContain("git asks a shell helper too");
    expect(stderr).not.toContain("hunter2");
  });

  test("writes the file that this git reads, GIT_CONFIG_GLOBAL's or the one at home", async () => {
    const named = { GIT_CONFIG_GLOBAL: join(sandbox.work, "named config") };
    await succeeds("configure", [], { env: { ...named, GIT_CREDENTIAL_BITBUCKET_FRONT: front } });
    const question = ["config", "--get-all", "credential.https://bitbucket.org.helper"];
    expect(await git(question, { env: named })).toBe(`\n${front}\n`);
  });

  test("--local writes the repository's file, also from a worktree and a folder below", async () => {
    const repository = join(sandbox.work, "repository");
    await git(["init", "-q", repository]);
    await git(["commit", "-q", "--allow-empty", "-m", "first"], { cwd: repository });
    await sandbox.run("git", ["worktree", "add", "../other"], { cwd: repository });
    const below = join(repository, "below");
    await mkdir(below);
    await succeeds("configure", ["--local"], { cwd: below });
    const file = join(repository, ".git", "config");
    const local = `path = ~/.gitconfig${suffix}-local\n`;
    expect(await readFile(file, "utf8")).toContain(local);
    expect(await whoAnswers("bitbucket.org", join(sandbox.work, "other"))).toBe("us");
    await expect(lstat(config)).rejects.toThrow("ENOENT");
    await succeeds("unconfigure", ["--local"], { cwd: join(sandbox.work, "other") });
    expect(await readFile(file, "utf8")).not.toContain(local);
  });

  test("--local outside of a repository says so", async () => {
    const result = await command("configure", ["--local"]);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain("error: git finds no repository here\n");
  });

  test.runIf(gitHas.bareOnlyByName)(
    "--local in a bare repository says the command that names it, and that works",
    async () => {
      const bare = join(sandbox.work, "bare.git");
      await git(["init", "-q", "--bare", bare]);
      const refused = await command("configure", ["--local"], { cwd: bare });
      expect(refused.stderr).toBe(
        "git-credential-bitbucket: error: a bare repository is used only when it is named\n" +
          "git-credential-bitbucket: hint: git --git-dir=. credential-bitbucket configure --local\n",
      );
      const env = { GIT_CREDENTIAL_BITBUCKET_FRONT: front, GIT_DIR: "." };
      await succeeds("configure", ["--local"], { cwd: bare, env });
      expect(await readFile(join(bare, "config"), "utf8")).toContain(suffix);
    },
  );

  test.runIf(gitHas.namedConfigFiles)(
    "--system writes the file that git reads for everybody",
    async () => {
      const system = join(sandbox.work, "system config");
      const env = { GIT_CONFIG_SYSTEM: system, GIT_CONFIG_NOSYSTEM: undefined };
      const options = { env: { ...env, GIT_CREDENTIAL_BITBUCKET_FRONT: front } };
      await succeeds("configure", ["--system"], options);
      expect(
        await git(["config", "--system", "--get-all", "credential.https://bitbucket.org.helper"], {
          env,
        }),
      ).toBe(`\n${front}\n`);
      await succeeds("unconfigure", ["--system"], options);
      expect(await readdir(sandbox.work)).toEqual(["git-credential-bitbucket"]);
    },
  );

  test("two scopes at once are a mistake", async () => {
    expect(await command("configure", ["--local", "--system"])).toMatchObject({ exitCode: 2 });
  });

  test("a file copied into a container leaves git to the helper there", async () => {
    await git(["config", "--global", "credential.helper", other]);
    await succeeds("configure");
    expect(await whoAnswers("bitbucket.org")).toBe("us");
    await rm(`${config}${suffix}`);
    expect(await whoAnswers("bitbucket.org")).toBe("other");
    await succeeds("configure");
    expect(await whoAnswers("bitbucket.org")).toBe("us");
  });

  test("carries the lines of an earlier version over, and unconfigure takes them as well", async () => {
    const text = "[user]\n\tname = Ada\n";
    const earlier = text + helperLines("/opt/earlier", ["bitbucket.org", "www.bitbucket.org"]);
    await writeFile(config, earlier);
    await succeeds("configure");
    expect(await readFile(config, "utf8")).toBe(`${text}[include]\n\t${includeLine}`);
    expect(await whoAnswers("bitbucket.org")).toBe("us");
    await writeFile(config, earlier);
    await succeeds("unconfigure");
    expect(await readFile(config, "utf8")).toBe(text);
  });

  test.each([
    ["", "GIT_CONFIG_GLOBAL is empty, so git reads no configuration of yours"],
    ["/dev/null", "GIT_CONFIG_GLOBAL names /dev/null, which is not a regular file"],
  ])("refuses GIT_CONFIG_GLOBAL=%s", async (named, message) => {
    const env = { GIT_CREDENTIAL_BITBUCKET_FRONT: front, GIT_CONFIG_GLOBAL: named };
    const result = await command("configure", [], { env });
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toBe(
      `git-credential-bitbucket: error: ${message}\ngit-credential-bitbucket: hint: unset GIT_CONFIG_GLOBAL\n`,
    );
    expect(await readdir(sandbox.home)).toEqual([]);
  });

  test("writes the file under XDG when that is the one git uses", async () => {
    const xdg = join(sandbox.home, ".config/git/config");
    await mkdir(join(xdg, ".."), { recursive: true });
    await writeFile(xdg, "[user]\n\tname = Ada\n");
    await succeeds("configure");
    expect(await readFile(`${xdg}${suffix}`, "utf8")).toContain(front);
    expect(await readdir(sandbox.home)).toEqual([".config"]);
  });
});

describe("unconfigure", () => {
  const former: readonly (readonly [what: string, text: string])[] = [
    ["a helper", '[credential "https://bitbucket.org"]\n\thelper = store\n'],
    [
      "several helpers with a blank one between, and useHttpPath off",
      '[credential "https://bitbucket.org"]\n\thelper = cache\n\thelper =\n\thelper = store --file ~/x\n\tuseHttpPath = false\n',
    ],
    [
      "our own values, written by hand",
      '[credential "https://bitbucket.org"]\n\thelper =\n\tuseHttpPath = true\n',
    ],
    ["a blank helper last", '[credential "https://bitbucket.org"]\n\thelper = cache\n\thelper =\n'],
    [
      "a shell helper with quotes",
      `[credential "https://bitbucket.org"]\n\thelper = "!f() { echo \\"a b\\"; }; f" # mine\n`,
    ],
    [
      "odd spacing and case",
      '[Credential "https://bitbucket.org"]   helper=a ; one\n  HELPER   =   b\\\n c\n\n\n',
    ],
    [
      "other hosts",
      '[credential "https://github.com"]\n\thelper = gh\n[credential]\n\thelper = cache\n',
    ],
    ["bytes that are no UTF-8", "[user]\n\tname = \xe9\xff\n"],
    ["Windows line ends", "[user]\r\n\tname = Ada\r\n"],
    ["no end of the last line", "[user]\n\tname = Ada"],
    ["a last line that goes on", "[user]\n\tname = Ada\\"],
    ["an empty file", ""],
    [
      "a comment with our name in it",
      "# git-credential-bitbucket\n[user]\n\tname = Ada # git-credential-bitbucket\n",
    ],
  ];

  test.each(former)("gives back, byte for byte, %s", async (_, text) => {
    await writeFile(config, text, "latin1");
    await succeeds("configure");
    expect(await whoAnswers("bitbucket.org")).toBe("us");
    await succeeds("unconfigure");
    expect(await readFile(config, "latin1")).toBe(text);
    expect(await readdir(sandbox.home)).toEqual([".gitconfig"]);
  });

  test("an empty file behind a link stays there, and empty", async () => {
    const target = join(sandbox.work, "dotfiles");
    await writeFile(target, "");
    await symlink(target, config);
    await succeeds("configure");
    await succeeds("unconfigure");
    expect(await readFile(target, "utf8")).toBe("");
    expect((await lstat(config)).isSymbolicLink()).toBe(true);
  });

  test("takes away the file that configure made", async () => {
    await succeeds("configure");
    await succeeds("unconfigure");
    await expect(lstat(config)).rejects.toThrow("ENOENT");
  });

  test("wakes the former helper", async () => {
    await git(["config", "--global", "credential.https://bitbucket.org.helper", other]);
    await succeeds("configure");
    expect(await whoAnswers("bitbucket.org")).toBe("us");
    await succeeds("unconfigure");
    expect(await whoAnswers("bitbucket.org")).toBe("other");
  });

  test("changes nothing when run again, or without configure", async () => {
    const text = '[credential "https://bitbucket.org"]\n\thelper = store';
    await writeFile(config, text);
    expect(await succeeds("unconfigure")).toBe(
      `nothing to do: configure has added nothing to ${config}\n`,
    );
    expect(await readFile(config, "utf8")).toBe(text);
  });

  test("keeps what was set in the meantime", async () => {
    await succeeds("configure");
    await git(["config", "--global", "credential.https://bitbucket.org.username", "ada"]);
    await git(["config", "--global", "user.name", "Ada"]);
    await succeeds("unconfigure");
    expect(await git(["config", "--global", "--list"])).toBe(
      "credential.https://bitbucket.org.username=ada\nuser.name=Ada\n",
    );
  });

  test("does not need the program that configure named", async () => {
    await succeeds("configure");
    await rm(front);
    await succeeds("unconfigure");
    await expect(lstat(config)).rejects.toThrow("ENOENT");
  });
});

describe.each(["configure", "unconfigure"])("%s changes all or nothing", (name) => {
  const text = `[user]\n\tname = Ada\n[credential "https://bitbucket.org"]\n\thelper = ${name === "configure" ? "store" : '"/x" # git-credential-bitbucket'}\n`;

  test("when another program holds git's lock", async () => {
    await writeFile(config, text);
    await writeFile(`${config}.lock`, "");
    const result = await command(name);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toBe(
      [
        `git-credential-bitbucket: error: another program is changing ${config}; if no git runs, its lock was left behind`,
        `git-credential-bitbucket: hint: rm ${config}.lock`,
        "",
      ].join("\n"),
    );
    expect(await readFile(config, "utf8")).toBe(text);
    expect(await readFile(`${config}.lock`, "utf8")).toBe("");
  });

  test("when git cannot read the file", async () => {
    const broken = `${text}[user\n`;
    await writeFile(config, broken);
    const result = await command(name);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toMatch(/error: git cannot read .*\n.*hint: git config /u);
    expect(await readFile(config, "utf8")).toBe(broken);
    expect(await readdir(sandbox.home)).toEqual([".gitconfig"]);
  });

  test("keeps the file's mode, and a link to it", async () => {
    const target = join(sandbox.work, "dotfiles");
    await writeFile(target, text, { mode: 0o640 });
    await chmod(target, 0o640);
    await symlink(target, config);
    await succeeds(name);
    expect((await lstat(config)).isSymbolicLink()).toBe(true);
    expect((await stat(config)).mode & 0o777).toBe(0o640);
    expect(await readFile(target, "utf8")).not.toBe(text);
    expect(await readdir(sandbox.work)).toEqual(["dotfiles", "git-credential-bitbucket"]);
  });
});

test("what git changes at the same time is kept", async () => {
  await git(["config", "--global", "user.name", "Ada"]);
  const keys = Array.from({ length: 20 }, (_, at) => `test.key${at}`);
  const writers = keys.map(async (key) => {
    const result = await sandbox.run("git", ["config", "--global", key, "x"]);
    return result.exitCode === 0 ? [key] : [];
  });
  const ours = await command("configure");
  const written = (await Promise.all(writers)).flat();
  const listed = await git(["config", "--global", "--list"]);
  for (const key of written) expect(listed).toContain(`${key}=x\n`);
  expect(listed.includes(suffix)).toBe(ours.exitCode === 0);
});

test("a file that includes another by a relative path can be changed", async () => {
  await writeFile(config, "[include]\n\tpath = more\n");
  await writeFile(join(sandbox.home, "more"), "[core]\n\teditor = vi\n");
  await succeeds("configure");
  expect(await whoAnswers("bitbucket.org")).toBe("us");
  await succeeds("unconfigure");
  expect(await readFile(config, "utf8")).toBe("[include]\n\tpath = more\n");
});

/** The program in a mount namespace of its own, after a command that mounts. */
async function mounted(mount: string, args: readonly string[]) {
  const words = ["--map-root-user", "--mount", "sh", "-c", `${mount} && exec "$@"`, "sh"];
  const env = { GIT_CREDENTIAL_BITBUCKET_FRONT: front, CONFIG: config, HOST: sandbox.work };
  return await sandbox.run("unshare", [...words, process.execPath, programScript, ...args], {
    env,
  });
}

describe("on a machine that is in the way", () => {
  test("a full disk leaves the file whole, and configure says so", async () => {
    const text = `[user]\n\tname = ${"Ada ".repeat(500)}\n`;
    await writeFile(join(sandbox.work, "text"), text);
    // Two pages: one holds the file, the other one ours, and the lock gets none.
    const mount =
      'mount -t tmpfs -o size=8k tmpfs "$HOME" && cp "$HOST/text" "$CONFIG" && set -- sh -c \'"$@"; code=$?; cp "$CONFIG" "$HOST/after"; ls -A "$HOME" >"$HOST/names"; exit $code\' sh "$@"';
    const result = await mounted(mount, ["configure"]);
    expect(result).toMatchObject({ exitCode: 1, stdout: "" });
    expect(result.stderr).toContain(`error: cannot write ${config} (ENOSPC)`);
    expect(await readFile(join(sandbox.work, "after"), "utf8")).toBe(text);
    expect(await readFile(join(sandbox.work, "names"), "utf8")).toBe(".gitconfig\n");
  });

  test("a file that is mounted by itself stays, and the hint helps", async () => {
    await writeFile(config, "[user]\n\tname = Ada\n");
    const mount = 'mount --bind "$CONFIG" "$CONFIG"';
    expect(await mounted(mount, ["configure"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        `git-credential-bitbucket: error: ${config} is mounted by itself, so it cannot be replaced\n` +
        "git-credential-bitbucket: hint: git credential-bitbucket configure --system\n",
    });
    expect(await readdir(sandbox.home)).toEqual([".gitconfig"]);
    await succeeds("configure");
    const refused = await mounted(mount, ["unconfigure"]);
    expect(refused.stderr).toContain(`hint: rm -f ${config}${suffix}\n`);
    await rm(`${config}${suffix}`);
    expect(await whoAnswers("bitbucket.org")).toBe("nobody");
    // What was mounted has the include: then only the file of ours is made.
    expect(await mounted(mount, ["configure"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await whoAnswers("bitbucket.org")).toBe("us");
  });
});
