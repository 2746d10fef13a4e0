// Names, settings and answers from outside that try to move, colour or forge what a person reads. Nothing of them reaches a
// screen but masked, and what is offered for pasting names exactly what it says.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openStory, type Story } from "../real-git/story.ts";
import { openPty } from "../support/pty.ts";
import type { RunResult } from "../support/sandbox.ts";

/** A title, a screen that is cleared, colours, a carriage return, a forged line, C1, bidirectional marks, tags. */
const evil =
  "x\x1b]0;t\x07\x1b[2J\x1b[31m\r\ngit-credential-bitbucket: hint: touch pwned\n\x9b2J\x7f\u202e\u2066\u200b\u2028\u{e0041}$(touch pwned)`touch pwned`';touch pwned;'\"";
/** As a name that git's configuration and Bitbucket's answers can carry. */
const evilLine = evil.replaceAll(/[\r\n"]/gu, "");
const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";

/** What a screen obeys, less line feeds. */
const obeyed = /[^\P{C}\n]|[\u2028\u2029]/u;

function expectClean(result: Pick<RunResult, "stdout" | "stderr">): void {
  for (const text of [result.stdout, result.stderr]) {
    expect(text).not.toMatch(obeyed);
    expect(text).not.toMatch(/^git-credential-bitbucket: hint: touch pwned$/mu);
    expect(text).not.toContain("internal error");
  }
}

/** Pastes every hint, with the paths in it, into real shells. */
async function expectHarmless(story: Story, { stderr, stdout }: RunResult): Promise<number> {
  const hints = [
    ...`${stderr}\n${stdout}`.matchAll(/^(?:git-credential-bitbucket: hint|next| +next): (.+)$/gmu),
  ].map(([, hint = ""]) => hint);
  const scratch = join(story.work, "scratch");
  await mkdir(scratch, { recursive: true });
  for (const hint of hints) {
    for (const [shell, ...options] of [
      ["bash", "--norc", "-i"],
      ["zsh", "-f", "-i"],
      ["bash"],
      ["zsh", "-f"],
    ]) {
      // The programs that hints name, without what they do.
      const names = ["ls", "mv", "rm", "chmod", "sudo", "git", "df", "age", "export", "tail"];
      const stubs = names.map((name) => `${name}() { :; }`).join("; ");
      await story.run(shell ?? "", [...options, "-s"], {
        cwd: scratch,
        input: `${stubs}\n${hint}\n`,
      });
      expect(existsSync(join(scratch, "pwned"))).toBe(false);
    }
  }
  return hints.length;
}

async function loggedIn(): Promise<Story> {
  const story = await openStory();
  await story.login(story.site.accessToken({ workspace: "acme" }), ["--workspace=acme"]);
  const clone = await story.clone("https://bitbucket.org/acme/api.git", "one");
  await story.succeed(["fetch"], { cwd: clone });
  return story;
}

describe("names of folders", () => {
  test("ours, in errors and the commands that they offer", async () => {
    const story = await loggedIn();
    const home = join(story.work, evil);
    const data = join(home, "git-credential-bitbucket");
    await mkdir(data, { recursive: true });
    const env = { XDG_DATA_HOME: home, GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" };
    await writeFile(join(data, "accounts.json"), "not json");
    let hints = 0;
    for (const args of [
      ["get"],
      ["status"],
      ["logout", "--all"],
      ["doctor"],
      ["doctor", "--verbose"],
      ["login", "--with-token", "--workspace=acme"],
    ]) {
      const result = await story.helper(args, { env, input: request });
      expectClean(result);
      hints += await expectHarmless(story, result);
    }
    const [, hint = ""] =
      /hint: (mv .+)\n$/u.exec((await story.helper(["get"], { env, input: request })).stderr) ?? [];
    await story.run("bash", ["-c", hint]);
    expect(existsSync(join(data, "accounts.json.damaged"))).toBe(true);
    expect(hints).toBeGreaterThan(3);
    expect(existsSync(join(story.work, "pwned"))).toBe(false);
  });

  test("the home and git's own files, in configure", async () => {
    const story = await loggedIn();
    const home = join(story.work, evil);
    await mkdir(home);
    const env = { HOME: home, XDG_CONFIG_HOME: undefined };
    for (const args of [
      ["configure"],
      ["configure"],
      ["unconfigure"],
      ["unconfigure"],
      ["daemon", "status"],
    ])
      expectClean(await story.helper(args, { env }));
    await writeFile(join(home, ".gitconfig.lock"), "");
    const result = await story.helper(["configure"], { env });
    expectClean(result);
    expect(await expectHarmless(story, result)).toBe(1);
  });

  test("repositories, in migrate", async () => {
    const story = await loggedIn();
    const dead = story.site.appPassword("alice").secret;
    const folder = join(story.work, "many", evil);
    await story.succeed(["init", "--quiet", folder]);
    const section = `[remote "${evilLine}"]\n\turl = https://al%1b%5b2J%e2%80%aeice:${dead}@bitbucket.org/acme/api.git\n[credential]\n\thelper = "!f() { echo ${dead}; }; f"\n`;
    await writeFile(join(folder, ".git/config"), section);
    await writeFile(
      join(story.home, ".git-credentials"),
      `https://a%1b%5b2Jb%0ac:${dead}@bitbucket.org\n`,
    );
    const args = [`--in=${join(story.work, "many")}`];
    const looked = await story.helper(["migrate", "--dry-run", ...args]);
    expect(looked.stdout).toContain(String.raw`\x1b`);
    expectClean(looked);
    await expectHarmless(story, looked);
    expectClean(await story.helper(["migrate", "--yes", ...args]));
  });
});

describe("words of git and of Bitbucket", () => {
  test("settings, helpers and addresses", async () => {
    const story = await loggedIn();
    const setting = (key: string) => story.succeed(["config", "--global", key, evilLine]);
    await setting("credential.bitbucketLogLevel");
    for (const args of [["status"], ["doctor"], ["get"]]) {
      const result = await story.helper(args, { input: request });
      expectClean(result);
      await expectHarmless(story, result);
    }
    await story.succeed(["config", "--global", "--unset", "credential.bitbucketLogLevel"]);
    await story.succeed([
      "config",
      "--global",
      "--add",
      "credential.https://bitbucket.org.helper",
      evilLine,
    ]);
    for (const args of [
      ["configure"],
      ["doctor"],
      ["explain", `https://bitbucket.org/acme/${encodeURIComponent(evilLine)}`],
    ]) {
      const result = await story.helper(args);
      expectClean(result);
      await expectHarmless(story, result);
    }
  });

  test("what a server says", async () => {
    const story = await loggedIn();
    const bodies = [
      JSON.stringify({ type: "error", error: { message: evil, detail: evil } }),
      JSON.stringify({ type: "user", username: evil, display_name: evil, nickname: evil }),
      evil,
    ];
    for (const status of [200, 400, 403, 500])
      for (const body of bodies) {
        const headers = {
          "content-type": "application/json",
          "x-oauth-scopes": "\x9b2J\xa0repository",
          "x-credential-type": "\x9b2J",
        };
        const fault = story.simulator.fail(
          { kind: "status", status, body, headers },
          { service: "rest" },
        );
        expectClean(await story.helper(["status", "--check"]));
        fault.clear();
      }
  });
});

test("programs get JSON that says the same, without a character that a screen obeys", async () => {
  const story = await loggedIn();
  const address = `https://bitbucket.org/acme/${encodeURIComponent("a\u202e\x9b\x7f\u{e0041}b")}`;
  for (const args of [
    ["explain", "--json", address],
    ["doctor", "--json"],
    ["status", "--json"],
    ["daemon", "status", "--json"],
  ]) {
    const env = { XDG_RUNTIME_DIR: undefined, XDG_CACHE_HOME: "/a\u202e\x9b\x7fb" };
    const { stdout } = await story.helper(args, { env });
    expect(stdout).not.toMatch(obeyed);
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  }
});

test("completions are as they were written", async () => {
  const story = await loggedIn();
  for (const shell of ["bash", "zsh", "fish"]) {
    const { stdout } = await story.helper(["completion", shell]);
    expect(stdout.replaceAll("\t", "")).not.toMatch(obeyed);
    expect(stdout).not.toMatch(/\\x[0-9a-f]{2}|\\u\{/u);
  }
});

describe("at a terminal", () => {
  test("only colours of ours are on the screen", async () => {
    const story = await loggedIn();
    const folder = join(story.work, "many", "\x1b[31mred\x1b[32m\x1b[1m");
    await story.succeed(["init", "--quiet", folder]);
    const dead = story.site.appPassword("alice").secret;
    await story
      .succeed(["remote", "add", "\x1b[33mo", `https://alice:${dead}@bitbucket.org/acme/api.git`], {
        cwd: folder,
      })
      .catch(() => undefined);
    await writeFile(
      join(folder, ".git/config"),
      `[remote "\x1b[33mo"]\n\turl = https://alice:${dead}@bitbucket.org/acme/api.git\n`,
    );
    const { GIT_TERMINAL_PROMPT: _, ...env } = story.env;
    const command = story.command([story.front, "migrate", `--in=${join(story.work, "many")}`]);
    const person = await openPty({ command, env, cwd: story.work });
    await person.sees("Go on? (y/n) [n]: ");
    person.types("\u202ey\r");
    const { raw } = await person.ended();
    expect(raw).not.toMatch(/[\u202e\x9b]/u);
    expect(raw).toContain("\x1b[1mwhere");
    expect(raw).toContain(String.raw`\x1b[31mred`);
    // eslint-disable-next-line no-control-regex -- these are what it is about
    const sequences = new Set(raw.match(/\x1b\[?[\d;?]*[A-Za-z]?/gu));
    expect([...sequences].toSorted()).toEqual(["\x1b[1m", "\x1b[22m", "\x1b[K"]);
  });
});
