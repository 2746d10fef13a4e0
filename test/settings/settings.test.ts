import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Environment } from "../../src/outside.ts";
import { settingRows } from "../../src/settings/setting-rows.ts";
import { readSettings } from "../../src/settings/settings.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await openSandbox();
});
afterEach(() => sandbox.close());

const configure = (text: string) => writeFile(join(sandbox.home, ".gitconfig"), text);
const settings = (env: Environment = {}, url?: string) =>
  readSettings({ env: { ...sandbox.env, ...env }, cwd: sandbox.work }, url);
const hosts = async (env: Environment = {}, url?: string) => [...(await settings(env, url)).hosts];

const scopedAt = async (url: string) => {
  const { timeoutSeconds, store, useHttpPath } = await settings({}, url);
  return [timeoutSeconds, store, useHttpPath];
};

const defaults = {
  store: undefined,
  storeSetBy: undefined,
  hosts: new Set(["bitbucket.org", "www.bitbucket.org"]),
  apiUrl: "https://api.bitbucket.org",
  validate: "first-use",
  timeoutSeconds: 5,
  daemon: true,
  idleTimeoutSeconds: 3600,
  cacheTimeoutSeconds: 900,
  logLevel: "silent",
  logFile: undefined,
  interactive: true,
  useHttpPath: false,
};

/** Every setting with another value than the default, as the configuration has it and as it is read. */
const others = {
  store: ["file", { store: "file" }],
  hosts: ["a.example", { hosts: new Set([...defaults.hosts, "a.example"]) }],
  apiUrl: ["https://api.example/v", { apiUrl: "https://api.example/v" }],
  validate: ["never", { validate: "never" }],
  timeout: ["3", { timeoutSeconds: 3 }],
  daemon: ["no", { daemon: false }],
  idleTimeout: ["2h", { idleTimeoutSeconds: 7200 }],
  cacheTimeout: ["90s", { cacheTimeoutSeconds: 90 }],
  logLevel: ["debug", { logLevel: "debug" }],
  logFile: ["/tmp/a log", { logFile: "/tmp/a log" }],
} as const;

/** Of the store it is told who said it. */
const settingsSetBy = (name: string, read: object) => ({
  ...defaults,
  ...read,
  ...("store" in read && { storeSetBy: name }),
});

const meaningless: readonly [string, readonly string[]][] = [
  [
    "TIMEOUT",
    [
      "0",
      "61",
      "2m",
      "-1",
      "+5",
      "1.5",
      "5 s",
      "5S",
      "5ms",
      "1k",
      "٣",
      "1e1",
      " 5",
      "9999999999999",
    ],
  ],
  ["CACHE_TIMEOUT", ["0", "0h", "28801", "9h", "1d"]],
  ["IDLE_TIMEOUT", ["0", "31d", "Infinity"]],
  ["STORE", ["memory", "File", "keychain ", "toString"]],
  ["VALIDATE", ["First-Use", "once"]],
  ["LOG_LEVEL", ["fatal", "verbose"]],
  ["DAEMON", ["maybe", "tru", " true"]],
  ["LOG_FILE", ["log", "./log", "~ada/log", "~", "a\nb", "/tmp/a\u007f"]],
  ["HOSTS", ["*", "*.example.com", "https://git.example.com", "git.example.com/x", "a..b", ".a"]],
  ["HOSTS", ["a.", "bitbucket.org.", "-a.example", "a_", "a:0", "a:08", "a:65536", "a:x", "a:"]],
  ["HOSTS", ["a@b", "bücher.example", "ｂitbucket.org", "bitbuc\u212aet.org", "[::1", "::1"]],
  ["API_URL", ["api.bitbucket.org", "http://api.bitbucket.org", "ftp://localhost", "https://"]],
  ["API_URL", ["https://u:p@api.example", "https://api.example?a", "https://api.example#a"]],
  ["API_URL", ["http://localhost.example", "http://127.0.0.1.example", "http://128.0.0.1"]],
  [
    "API_URL",
    ["http://[::2]", "http:\\\\localhost", "https://a\tb", "http://localhost@evil.example"],
  ],
];

const rowNamed = (name: string) => {
  const row = settingRows.find(({ key }) =>
    key.toLowerCase().endsWith(`.bitbucket${name}`.toLowerCase()),
  );
  if (row === undefined) throw new Error(`no setting ${name}`);
  return row;
};

describe("readSettings", () => {
  it("has a default for everything, also on a machine without any configuration", async () => {
    expect(await settings()).toEqual(defaults);
  });

  it("has these tests for every setting", () => {
    expect(settingRows).toEqual(Object.keys(others).map(rowNamed));
  });

  it("names variables after keys", () => {
    for (const { key, env } of settingRows) {
      const words = key.replace("credential.bitbucket", "").split(/(?=[A-Z])/u);
      expect(env).toBe(`GIT_CREDENTIAL_BITBUCKET_${words.join("_").toUpperCase()}`);
    }
  });

  it.each(Object.entries(others))(
    "reads %s from git's configuration",
    async (name, [value, read]) => {
      const { key } = rowNamed(name);
      await sandbox.run("git", ["config", "--global", key, value]);
      expect(await settings()).toEqual(settingsSetBy(key, read));
    },
  );

  it.each(Object.entries(others))(
    "reads %s from its variable first",
    async (name, [value, read]) => {
      const { key, env } = rowNamed(name);
      await sandbox.run("git", ["config", "--global", key, "without meaning *"]);
      expect(await settings({ [env]: value })).toEqual(settingsSetBy(env, read));
      await sandbox.run("git", ["config", "--global", key, value]);
      expect(await settings({ [env]: "" })).toEqual(settingsSetBy(key, read));
    },
  );

  it.each(settingRows.map((row) => [row.key, row] as const))(
    "refuses %s without meaning and says where it stands, but not what it is",
    async (_, { key, env, kind }) => {
      const message = (name: string) => `${name} must be ${kind.values}`;
      await expect(settings({ [env]: "hunter*2" })).rejects.toMatchObject({
        code: "bad-setting",
        message: message(env),
        hint: `unset ${env}`,
      });
      await sandbox.run("git", ["config", "--global", key, "hunter*2"]);
      const error: unknown = await settings().catch((error: unknown) => error);
      expect(error).toMatchObject({ code: "bad-setting", message: message(key) });
      const { stdout } = await sandbox.run("sh", ["-c", (error as { hint: string }).hint]);
      expect(stdout).toContain(`.gitconfig\t${key.toLowerCase()} hunter*2`);
    },
  );

  it("scopes by URL as git does: the longest match, then the last", async () => {
    await configure(`
      [credential]
        bitbucketTimeout = 1
        bitbucketStore = file
      [credential "https://bitbucket.org/acme"]
        bitbucketTimeout = 3
      [credential "https://bitbucket.org"]
        bitbucketTimeout = 2
        useHttpPath = true
      [credential "https://git.example"]
        bitbucketTimeout = 4`);
    expect(await scopedAt("https://bitbucket.org")).toEqual([2, "file", true]);
    expect(await scopedAt("https://bitbucket.org/acme/api.git")).toEqual([3, "file", true]);
    expect(await scopedAt("https://bitbucket.org/acme2/api.git")).toEqual([2, "file", true]);
    expect(await scopedAt("https://BitBucket.org:443/other")).toEqual([2, "file", true]);
    expect(await scopedAt("https://git.example/x")).toEqual([4, "file", false]);
    expect(await scopedAt("https://github.com")).toEqual([1, "file", false]);
  });

  it("follows includes and -c, but takes from the repository only what git itself goes by", async () => {
    await configure(`[include]\n path = more\n[credential]\n bitbucketTimeout = 1`);
    await writeFile(join(sandbox.home, "more"), "[credential]\n bitbucketLogLevel = warn");
    await sandbox.run("git", ["init", "--quiet"]);
    await sandbox.run("git", ["config", "credential.bitbucketTimeout", "2"]);
    await sandbox.run("git", ["config", "credential.useHttpPath", "true"]);
    await sandbox.run("git", ["config", "credential.interactive", "never"]);
    const gits = { useHttpPath: true, interactive: false };
    expect(await settings()).toMatchObject({ timeoutSeconds: 1, logLevel: "warn", ...gits });
    const parameters = "'credential.bitbucketTimeout'='3'";
    expect(await settings({ GIT_CONFIG_PARAMETERS: parameters })).toMatchObject({
      timeoutSeconds: 3,
    });
  });

  it("takes the last of several values", async () => {
    await configure(`[credential]\n bitbucketHosts = a.example\n bitbucketHosts = b.example`);
    expect(await hosts()).toEqual(["bitbucket.org", "www.bitbucket.org", "b.example"]);
  });

  it("reads a key without = as git does: true, and nothing else", async () => {
    await configure("[credential]\n bitbucketDaemon");
    expect(await settings({})).toMatchObject({ daemon: true });
  });

  it.each(settingRows.map(({ key }) => key).filter((key) => !key.endsWith("Daemon")))(
    "refuses %s without =",
    async (key) => {
      await configure(`[credential]\n ${key.slice("credential.".length)}`);
      await expect(settings()).rejects.toMatchObject({ code: "bad-setting" });
    },
  );

  it.each([
    ["true", true],
    ["YES", true],
    ["on", true],
    ["1", true],
    ["-2", true],
    ["false", false],
    ["No", false],
    ["off", false],
    ["0", false],
  ])("reads the boolean %s", async (value, daemon) => {
    expect(await settings({ GIT_CREDENTIAL_BITBUCKET_DAEMON: value })).toMatchObject({ daemon });
  });

  it.each([
    ["1", 1],
    ["60", 60],
    ["60s", 60],
    ["1m", 60],
    ["007", 7],
  ])("reads the time %s", async (value, timeoutSeconds) => {
    const env = { GIT_CREDENTIAL_BITBUCKET_TIMEOUT: value };
    expect(await settings(env)).toMatchObject({ timeoutSeconds });
  });

  it.each(meaningless.flatMap(([name, values]) => values.map((value) => [name, value])))(
    "refuses for %s the value %j",
    async (name, value) => {
      const env = { [`GIT_CREDENTIAL_BITBUCKET_${name}`]: value };
      await expect(settings(env)).rejects.toMatchObject({ code: "bad-setting" });
    },
  );

  it("folds hosts, drops :443, and takes commas and white space between them", async () => {
    const value = " Git.Example.COM, a.example:443\tb.example:8443\n[::1]:7990,, localhost ";
    expect(await hosts({ GIT_CREDENTIAL_BITBUCKET_HOSTS: value })).toEqual([
      "bitbucket.org",
      "www.bitbucket.org",
      "git.example.com",
      "a.example",
      "b.example:8443",
      "[::1]:7990",
      "localhost",
    ]);
  });

  it.each([
    ["https://api.example/", "https://api.example"],
    ["https://API.example:443/rest//", "https://api.example/rest"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://127.8.9.1:80/", "http://127.8.9.1"],
    ["http://[::1]:8080", "http://[::1]:8080"],
  ])("takes %s as the address of REST", async (value, apiUrl) => {
    expect(await settings({ GIT_CREDENTIAL_BITBUCKET_API_URL: value })).toMatchObject({ apiUrl });
  });

  it("finds the log file below the home", async () => {
    const env = { GIT_CREDENTIAL_BITBUCKET_LOG_FILE: "~/a/log" };
    expect(await settings(env)).toMatchObject({ logFile: join(sandbox.home, "a/log") });
  });

  it.each([
    ["credential.interactive", "false", undefined, false],
    ["credential.interactive", "never", undefined, false],
    ["credential.interactive", "0", undefined, false],
    ["credential.interactive", "true", undefined, true],
    ["credential.interactive", "auto", undefined, true],
    ["credential.interactive", "always", "0", false],
    ["credential.helper", "", "0", false],
    ["credential.helper", "", "false", false],
    ["credential.helper", "", "", false],
    ["credential.helper", "", "1", true],
    ["credential.helper", "", "perhaps", true],
  ])(
    "asks nobody when git may not: %s=%s, GIT_TERMINAL_PROMPT=%s",
    async (key, value, prompt, interactive) => {
      await sandbox.run("git", ["config", "--global", key, value]);
      expect(await settings({ GIT_TERMINAL_PROMPT: prompt })).toMatchObject({ interactive });
    },
  );

  it.each([
    "https://bitbucket.org/a/../b",
    "https://bitbucket.org/%2e%2e/b",
    "https://bitbucket.org/a b",
    "https://bit bucket.org",
    "https://bitbucket.org\u0000",
    "https://user:secret@bitbucket.org",
    "https://-c",
    "-c",
    "",
    "https://bitbucket.org/\u00e4",
  ])("takes no URL for a broken configuration: %j", async (url) => {
    expect(await settings({}, url)).toEqual(defaults);
  });

  it("stops where git stops: at a configuration it cannot read", async () => {
    await configure("[credential");
    await expect(settings()).rejects.toMatchObject({
      code: "git",
      message: "git cannot read its configuration",
    });
  });

  it("says that git is missing", async () => {
    await expect(settings({ PATH: sandbox.work })).rejects.toMatchObject({
      code: "git",
      message: "git is not found on PATH",
    });
  });

  it("starts git once, and without the token of the environment", async () => {
    const folder = join(sandbox.work, "bin");
    await mkdir(folder);
    const spy = `#!/bin/sh\n{ echo "$*"; env; } >>"$SPY"\nPATH="\${PATH#*:}" exec git "$@"\n`;
    await writeFile(join(folder, "git"), spy);
    await chmod(join(folder, "git"), 0o755);
    const seen = join(sandbox.work, "seen");
    await settings({
      PATH: folder + delimiter + sandbox.env["PATH"],
      SPY: seen,
      BITBUCKET_TOKEN: "hunter2",
    });
    const text = await readFile(seen, "utf8");
    expect(text.match(/^-c safe.bareRepository=explicit config -z/gmu)).toHaveLength(1);
    expect(text).toContain(`HOME=${sandbox.home}`);
    expect(text).not.toContain("hunter2");
  });
});
