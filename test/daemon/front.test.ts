// The front, in the shells that /bin/sh may be: what it asks the daemon, when it starts Node, and what Node then gets.
import { chmod, cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandsOf } from "../support/leftovers.ts";
import { projectRoot } from "../support/project.ts";
import { waitFor } from "../support/wait.ts";
import { answerFor, type DaemonHome, openDaemonHome, requestFor, token } from "./home.ts";

const shells = ["dash", "bash", "bash --posix", "busybox sh", "zsh --emulate sh"];
const api = requestFor("acme/api.git");
let home: DaemonHome;

beforeEach(async () => {
  home = await openDaemonHome();
});
afterEach(() => home.close());

/** A program in the place of the helper's that prints what it is given. */
async function replaceHelper(script: string): Promise<void> {
  await writeFile(home.script, script);
}
const echo = `
  const { readFileSync } = require("node:fs");
  const stdin = readFileSync(0).toString("hex");
  const { env, argv } = process;
  console.log(JSON.stringify({ stdin, args: argv.slice(2), env }));
`;
interface Echo {
  readonly stdin: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}
const readEcho = (text: string) => JSON.parse(text) as Echo;

const locked = {
  stdout: "",
  stderr:
    "git-credential-bitbucket: error: secrets are locked\n" +
    "git-credential-bitbucket: hint: git credential-bitbucket daemon unlock\n",
  exitCode: 1,
};

describe.each(shells)("%s", (shell) => {
  test("answers from memory, without Node, the same in every repository of the workspace", async () => {
    await home.seed("acme");
    expect((await home.get(api, { shell })).stdout).toBe(answerFor(token("a")));
    await home.untilWarm();
    expect(await home.helperStarts()).toBe(1);
    for (const path of ["acme/api.git", "acme/web", "acme/api.git/info/lfs", "acme/api.git/wiki"]) {
      const got = await home.get(requestFor(path), { shell });
      expect(got).toEqual({ stdout: answerFor(token("a")), stderr: "", exitCode: 0 });
    }
    expect(await home.helperStarts()).toBe(1);
  });

  test("a store of what was served needs no Node; one of something else does", async () => {
    await home.seed("acme");
    await home.get(api, { shell });
    await home.untilWarm();
    const served = `${api}${answerFor(token("a"))}`;
    expect(await home.helper(["store"], { shell, input: served })).toEqual({
      stdout: "",
      stderr: "",
      exitCode: 0,
    });
    expect(await home.helperStarts()).toBe(1);
    await home.helper(["store"], { shell, input: served.replace(token("a"), token("b")) });
    expect(await home.helperStarts()).toBe(2);
  });

  test("an erase is forgotten by the daemon at once, and done by the helper", async () => {
    await home.seed("acme");
    await home.get(api, { shell });
    await home.untilWarm();
    await home.helper(["erase"], { shell, input: `${api}${answerFor(token("a"))}` });
    expect(await home.helperStarts()).toBe(2);
    expect((await home.status())?.entries).toEqual([]);
    // Until Bitbucket itself has rejected it.
    expect((await home.get(api, { shell })).stdout).toBe(answerFor(token("a")));
  });

  test("hands every byte on to the helper", async () => {
    await replaceHelper(echo);
    const bytes = Buffer.concat([
      Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1)),
      Buffer.from("\nab\\c$d`e`%s%n\n  indented\t\nāx\u0081\u2028\n"),
    ]);
    for (const input of [
      bytes,
      Buffer.concat([bytes, Buffer.from("half a line")]),
      Buffer.alloc(0),
    ]) {
      const { stdout } = await home.helper(["get"], { shell, input });
      expect(readEcho(stdout).stdin).toBe(input.toString("hex"));
    }
  });

  test("what is read into variables is in no child's environment", async () => {
    await replaceHelper(echo);
    const names = [
      "request",
      "line",
      "question",
      "answer",
      "from",
      "code",
      "GIT_CREDENTIAL_BITBUCKET_TICKET",
    ];
    const env = Object.fromEntries(names.map((name) => [name, "from outside"]));
    const input = `${api}username=x-token-auth\npassword=${token("s")}\n`;
    const { stdout } = await home.helper(["store"], { shell, input, env });
    expect(JSON.stringify(readEcho(stdout).env)).not.toContain(token("s"));
    expect(readEcho(stdout).stdin).toBe(Buffer.from(input).toString("hex"));
    expect(readEcho(stdout).env["GIT_CREDENTIAL_BITBUCKET_TICKET"]).toBeUndefined();
  });

  test("while secrets are locked, git gets nothing and the person what to do", async () => {
    await home.seed("acme");
    await home.helper(["daemon", "start"]);
    await home.helper(["daemon", "lock"]);
    expect(await home.get(api, { shell })).toEqual(locked);
    expect(await home.helperStarts()).toBe(0);
    await home.helper(["daemon", "stop"]);
    expect(await home.get(api, { shell })).toEqual(locked);
    expect(await home.helperStarts()).toBe(1);
  });

  test("half an answer counts as none", async () => {
    await home.seed("acme");
    await home.get(api, { shell });
    await home.untilWarm();
    const full = await home.get(api, { shell });
    // git's client that dies in the middle of an answer.
    const half = `#!/bin/sh\n[ "$1" = credential-cache ] || exec /usr/bin/git "$@"\nexec /usr/bin/git "$@" | head -c 60\n`;
    await writeFile(join(home.work, "bin/git"), half, { mode: 0o755 });
    const env = { PATH: `${home.work}/bin:${home.env["PATH"]}` };
    const before = await home.helperStarts();
    expect((await home.get(api, { shell, env })).stdout).toBe(full.stdout);
    expect(await home.helperStarts()).toBe(before + 1);
  });

  test("a command goes straight to Node, with its arguments as they are", async () => {
    await replaceHelper(echo);
    const args = ["login", "--account", "a b", "", "*", "$HOME"];
    const { stdout } = await home.helper(args, { shell });
    expect(readEcho(stdout).args).toEqual(args);
  });

  test("nothing is left running after an answer", async () => {
    await home.seed("acme");
    await home.get(api, { shell });
    const pid = await home.untilWarm();
    for (let count = 0; count < 20; count += 1) await home.get(api, { shell });
    await waitFor(async () => (await sleepersOf(home.home)).length === 0);
    expect((await home.status())?.pid).toBe(pid);
  });
});

/** Command lines of the watches that still run for this home. */
async function sleepersOf(owner: string): Promise<readonly string[]> {
  return [...(await commandsOf(owner)).values()].filter((command) => command.startsWith("sleep"));
}

describe("Node", () => {
  test("starts without the extra certificates, and gets their path by another name", async () => {
    await replaceHelper(echo);
    const env = { NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem" };
    for (const args of [["get"], ["status"]]) {
      const { stdout, stderr } = await home.helper(args, { env });
      expect(readEcho(stdout).env["NODE_EXTRA_CA_CERTS"]).toBeUndefined();
      expect(readEcho(stdout).env["GIT_CREDENTIAL_BITBUCKET_EXTRA_CA_CERTS"]).toBe(
        "/nowhere/ca.pem",
      );
      expect(stderr).toBe("");
    }
  });

  test("gets none of the variables that it would obey", async () => {
    await replaceHelper(echo);
    // What this Node reads, by its own source and help.
    const source = await readFile(process.execPath, "latin1");
    const { stdout: help } = await home.run(process.execPath, ["--help"]);
    const read = source.matchAll(/process\.env\.((?:NODE|OPENSSL|ICU)_\w+)/gu);
    const told = help.matchAll(/^((?:NODE|OPENSSL)_\w+|SSLKEYLOGFILE) /gmu);
    const own = [...read, ...told].flatMap(([, name = ""]) => name);
    const harmless = new Set(["NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA"]);
    const names = new Set(own.filter((name) => !harmless.has(name)));
    for (const name of ["NODE_OPTIONS", "NODE_V8_COVERAGE", "NODE_DEBUG"])
      expect([...names]).toContain(name);
    const env = Object.fromEntries([...names].map((name) => [name, "unheard"]));
    for (const args of [["get"], ["status"]]) {
      const { stdout } = await home.helper(args, { env });
      expect(JSON.stringify(readEcho(stdout).env)).not.toContain("unheard");
      const forgotten = readEcho(stdout).env["GIT_CREDENTIAL_BITBUCKET_FORGOTTEN"] ?? "";
      expect(forgotten.trim().split(" ").toSorted()).toEqual([...names].toSorted());
    }
  });

  test("is another one when the one of the installation is gone", async () => {
    const text = await readFile(home.front, "utf8");
    await writeFile(home.front, text.replace(/^node=.*$/mu, "node=/nowhere/node"));
    await replaceHelper(echo);
    expect(readEcho((await home.get()).stdout).args).toEqual(["get"]);
  });

  test.each([
    ["its bin", "prefix/bin"],
    ["another folder", "elsewhere"],
  ])(
    "is npm's own where PATH has none and a link in %s leads to the package",
    async (_where, bin) => {
      const inWork = (path: string): string => join(home.work, path);
      const program = inWork("prefix/lib/node_modules/git-credential-bitbucket/dist");
      await cp(join(projectRoot, "dist"), program, { recursive: true });
      await writeFile(join(program, "main.js"), echo);
      for (const folder of ["prefix/bin", "elsewhere", "path"])
        await mkdir(inWork(folder), { recursive: true });
      await symlink(process.execPath, inWork("prefix/bin/node"));
      await symlink("/usr/bin/readlink", inWork("path/readlink"));
      const link = inWork(`${bin}/git-credential-bitbucket`);
      await symlink(join(program, "git-credential-bitbucket"), link);
      const { stdout, stderr } = await home.run("/bin/sh", [link, "status"], {
        env: { PATH: inWork("path") },
      });
      expect(stderr).toBe("");
      expect(readEcho(stdout)).toMatchObject({
        args: ["status"],
        env: { GIT_CREDENTIAL_BITBUCKET_FRONT: link },
      });
    },
  );

  test("that is nowhere is said, with what to do", async () => {
    const text = await readFile(home.front, "utf8");
    await writeFile(home.front, text.replace(/^node=.*$/mu, "node=/nowhere/node"));
    const { stderr, exitCode } = await home.helper(["status"], {
      shell: "/bin/sh",
      env: { PATH: "/nowhere" },
    });
    expect(stderr).toBe(
      "git-credential-bitbucket: error: node is not found\n" +
        "git-credential-bitbucket: hint: install Node 20.18.1 or later, then install this program again\n",
    );
    expect(exitCode).toBe(1);
  });
});

describe("the helper decides at once", () => {
  const deciding: Record<string, string> = {
    BITBUCKET_TOKEN: token("e"),
    GIT_CREDENTIAL_BITBUCKET_HOSTS: "git.example.com",
    GIT_CREDENTIAL_BITBUCKET_VALIDATE: "never",
    GIT_CREDENTIAL_BITBUCKET_DAEMON: "false",
    GIT_CREDENTIAL_BITBUCKET_CACHE_TIMEOUT: "60",
    GIT_CREDENTIAL_BITBUCKET_LOG_LEVEL: "info",
    GIT_CONFIG_COUNT: "0",
    XDG_DATA_HOME: "/nowhere/data",
  };
  test.each(Object.entries(deciding))("with %s", async (name, value) => {
    await home.seed("acme");
    await home.get(api);
    await home.untilWarm();
    const before = await home.helperStarts();
    const { stdout } = await home.get(api, { env: { [name]: value } });
    expect(await home.helperStarts()).toBe(before + 1);
    const expected: Record<string, string> = {
      BITBUCKET_TOKEN: answerFor(token("e")),
      XDG_DATA_HOME: "",
    };
    expect(stdout).toBe(expected[name] ?? answerFor(token("a")));
  });

  test("with a line break in what it would hand on", async () => {
    await home.seed("acme");
    await home.get(api);
    await home.untilWarm();
    const before = await home.helperStarts();
    await home.get(api, { env: { GIT_DIR: "a\nwire=1" } });
    expect(await home.helperStarts()).toBe(before + 1);
  });

  test("for a request that is cut off in the middle of a line", async () => {
    await home.seed("acme");
    await home.get(api);
    await home.untilWarm();
    const { stdout, exitCode } = await home.get("protocol=https\nhost=bitbucket.org");
    expect([stdout, exitCode]).toEqual(["", 1]);
  });

  test("where the folder of the socket is open to others and a password is sent", async () => {
    await home.seed("acme");
    await home.get(api);
    await home.untilWarm();
    const before = await home.helperStarts();
    await chmod(home.directory, 0o750);
    await home.helper(["store"], { input: `${api}${answerFor(token("a"))}` });
    expect(await home.helperStarts()).toBe(before + 1);
  });
});

test("www.bitbucket.org is the same host, also in memory", async () => {
  const www = api.replace("host=", "host=www.");
  await home.seed("acme");
  expect((await home.get(www)).stdout).toBe(answerFor(token("a")));
  await home.untilWarm();
  expect((await home.get(api)).stdout).toBe(answerFor(token("a")));
  expect((await home.get(www)).stdout).toBe(answerFor(token("a")));
  await home.helper(["store"], { input: `${www}${answerFor(token("a"))}` });
  expect(await home.helperStarts()).toBe(1);
});

test("hosts of others are answered with silence and no Node", async () => {
  await home.seed("acme");
  await home.get(api);
  await home.untilWarm();
  const before = await home.helperStarts();
  expect((await home.get("protocol=http\nhost=bitbucket.org\n")).stdout).toBe("");
  expect(await home.helperStarts()).toBe(before);
  expect((await home.get("protocol=https\nhost=example.com\n")).stdout).toBe("");
  expect((await home.get("protocol=https\nhost=example.com\n")).stdout).toBe("");
  expect(await home.helperStarts()).toBe(before + 1);
});

test("what goes past the daemon does not go past the lock, and leaves nothing in it", async () => {
  await home.seed("acme");
  await home.helper(["daemon", "start"]);
  await home.helper(["daemon", "lock"]);
  const past = { BITBUCKET_TOKEN: token("e"), GIT_CREDENTIAL_BITBUCKET_DAEMON: "false" };
  expect(await home.get(api, { env: past })).toEqual(locked);
  const setting = { GIT_CREDENTIAL_BITBUCKET_VALIDATE: "never" };
  expect(await home.get(api, { env: setting })).toEqual(locked);
  expect(await home.status()).toMatchObject({ locked: true, entries: [] });
  await writeFile(join(home.home, ".gitconfig"), "[credential]\n\tbitbucketDaemon = false\n");
  expect(await home.get(api)).toEqual(locked);
});

test("a store or an erase while secrets are locked is the helper's", async () => {
  await home.seed("acme");
  await home.get(api);
  await home.untilWarm();
  await home.helper(["daemon", "lock"]);
  const served = `${api}${answerFor(token("a"))}`;
  const before = await home.helperStarts();
  expect((await home.helper(["store"], { input: served })).stderr).toBe("");
  expect(await home.helperStarts()).toBe(before + 1);
  expect((await home.helper(["erase"], { input: served })).stderr).toContain(
    "git was refused with the token of account 'acme'",
  );
  expect(await home.helperStarts()).toBe(before + 2);
  expect((await home.status())?.entries).toEqual([]);
});

test("a broken configuration of git does not matter to the client", async () => {
  await home.seed("acme");
  await home.get(api);
  await home.untilWarm();
  const before = await home.helperStarts();
  await writeFile(join(home.home, ".gitconfig"), "[broken\n");
  expect((await home.get(api)).stdout).toBe(answerFor(token("a")));
  expect(await home.helperStarts()).toBe(before);
});
