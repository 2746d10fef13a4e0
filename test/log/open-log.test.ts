import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { chmod, link, lstat, mkdir, rename, symlink, unlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, test } from "vitest";
import { HelperError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import type { Log } from "../../src/log/log.ts";
import { openLog } from "../../src/log/open-log.ts";
import { problemText } from "../../src/screen/problem-text.ts";
import type { Settings } from "../../src/settings/settings.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";

let sandbox: Sandbox;
let path: string;
let warnings: string[];
const stderr = { write: (text: string | Uint8Array) => warnings.push(String(text)) };
beforeEach(async () => {
  sandbox = await openSandbox();
  path = join(sandbox.work, "folder/log");
  warnings = [];
});
afterEach(() => sandbox.close());

const open = (logLevel: Settings["logLevel"], logFile: string | undefined = path): Promise<Log> =>
  openLog({ logLevel, logFile }, { env: sandbox.env, platform: "linux", stderr });
const lines = (file = path) =>
  readFileSync(file, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const levels = ["error", "warn", "info", "debug", "trace"] as const;

describe("openLog", () => {
  it.each(levels.map((level, index) => [level, index + 1] as const))(
    "writes at level %s the %i most important ones",
    async (level, count) => {
      const log = await open(level);
      for (const each of levels) log[each]({ at: each }, "said");
      expect(lines().map(({ at }) => at)).toEqual(levels.slice(0, count));
    },
  );

  it("writes JSON lines with the time, the process, the fields and the message", async () => {
    const log = await open("info");
    log.info({ account: "work", because: "host" }, "chosen");
    const [line] = lines();
    expect(line).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u),
      pid: process.pid,
      account: "work",
      because: "host",
      msg: "chosen",
    });
  });

  it("is the user's alone, and is added to", async () => {
    const umask = process.umask(0);
    try {
      (await open("info")).info({}, "one");
    } finally {
      process.umask(umask);
    }
    (await open("info")).info({}, "two");
    expect(lines().map(({ msg }) => msg)).toEqual(["one", "two"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  it("lies under XDG_STATE_HOME when it has no place of its own", async () => {
    const log = await openLog(
      { logLevel: "info", logFile: undefined },
      { env: sandbox.env, platform: "linux", stderr },
    );
    log.info({}, "here");
    expect(lines(join(sandbox.home, ".local/state/git-credential-bitbucket/log"))).toHaveLength(1);
  });

  it("makes no file when it is silent, and loads nothing for it", async () => {
    const script = await buildWorker(
      sandbox.work,
      "silent",
      `import { openLog } from "./src/log/open-log.ts";
       const log = await openLog({ logLevel: "silent", logFile: process.argv[2] }, process);
       for (const level of ["error", "warn", "info", "debug", "trace"]) log[level]({ a: 1 }, "said");
       // pino marks the process with these when it is loaded.
       console.log(Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => name.includes("pino")).length);`,
    );
    const { stdout } = await sandbox.run(process.execPath, [script, path]);
    expect(stdout).toBe("0\n");
    expect(() => statSync(dirname(path))).toThrow("ENOENT");
  });

  it("goes on when its file is moved away", async () => {
    const log = await open("info");
    log.info({}, "one");
    await rename(path, `${path}.old`);
    log.info({}, "two");
    expect(lines(`${path}.old`).map(({ msg }) => msg)).toEqual(["one"]);
    expect(lines().map(({ msg }) => msg)).toEqual(["two"]);
  });

  it("is never worth an error: says once that it cannot be written, and stays silent", async () => {
    await mkdir(path, { recursive: true });
    const log = await open("info");
    log.info({}, "one");
    expect(warnings).toEqual([
      problemText(`cannot write the log ${path}: it is not a regular file`, `ls -ld ${path}`),
    ]);
    const other = await open("info", join(sandbox.work, "log"));
    await writeFile(join(sandbox.work, "file"), "");
    expect(await open("info", join(sandbox.work, "file/log"))).not.toBe(other);
    expect(warnings).toHaveLength(2);
  });

  it("loses lines when the disk becomes full, and nothing else", async () => {
    const script = await buildWorker(
      sandbox.work,
      "full",
      `import { openLog } from "./src/log/open-log.ts";
       const log = await openLog({ logLevel: "info", logFile: process.argv[2] }, process);
       for (let at = 0; at < 200; at += 1) log.info({ text: "x".repeat(500) }, "said");
       console.log("done");`,
    );
    const limited = 'trap "" XFSZ; ulimit -f 100; exec "$@"';
    const command = [process.execPath, script, path];
    const result = await sandbox.run("sh", ["-c", limited, "sh", ...command]);
    expect(result).toEqual({ stdout: "done\n", stderr: "", exitCode: 0 });
    expect(statSync(path).size).toBe(51_200);
  });

  it("keeps the lines of several processes apart", async () => {
    const script = await buildWorker(
      sandbox.work,
      "writer",
      `import { openLog } from "./src/log/open-log.ts";
       const log = await openLog({ logLevel: "info", logFile: process.argv[2] }, process);
       for (let at = 0; at < 200; at += 1) log.info({ text: "x".repeat(5000) }, "said");`,
    );
    const runs = Array.from({ length: 4 }, () => sandbox.run(process.execPath, [script, path]));
    for (const { stderr, exitCode } of await Promise.all(runs)) {
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    }
    expect(lines()).toHaveLength(800);
  });
});

const inWork = (name: string) => join(sandbox.work, name);

describe("a place that is no log of ours", () => {
  const shellFile = "export PATH=/usr/bin\n";

  it.each<[string, string, () => unknown]>([
    ["a FIFO", "it is not a regular file", () => execFileSync("mkfifo", [inWork("log")])],
    ["a socket", "it is not a regular file", () => listenAt(inWork("log"))],
    ["a link", "it is a symbolic link", () => symlink(inWork("elsewhere"), inWork("log"))],
    [
      "a link to a log",
      "it is a symbolic link",
      async () => {
        await writeFile(inWork("other"), "", { mode: 0o600 });
        await symlink(inWork("other"), inWork("log"));
      },
    ],
    [
      "a shell's start-up file",
      "what it holds is no log of this program",
      () => writeFile(inWork("log"), shellFile, { mode: 0o600 }),
    ],
    [
      "another program's JSON",
      "what it holds is no log of this program",
      () => writeFile(inWork("log"), '{"auths":{}}', { mode: 0o600 }),
    ],
    [
      "a file that its group can write",
      "other users can write to it",
      async () => {
        await writeFile(inWork("log"), "");
        await chmod(inWork("log"), 0o620);
      },
    ],
    [
      "a file with two names",
      "it is a file with several names",
      async () => {
        await writeFile(inWork("other"), "");
        await link(inWork("other"), inWork("log"));
      },
    ],
  ])("%s", async (_what, problem, make) => {
    await make();
    const before = await lstat(inWork("log"));
    const log = await open("trace", inWork("log"));
    log.error({ path: "https://$(touch pwned)@bitbucket.org" }, "said");
    expect(warnings[0]).toContain(`error: cannot write the log ${inWork("log")}: ${problem}\n`);
    expect(await lstat(inWork("log"))).toMatchObject({ size: before.size, mode: before.mode });
    await expect(lstat(inWork("elsewhere"))).rejects.toThrow("ENOENT");
  });

  it("a device", async () => {
    await open("info", "/dev/full");
    expect(warnings).toEqual([
      problemText("cannot write the log /dev/full: it is not a regular file", "ls -ld /dev/full"),
    ]);
  });

  it("one that was put in the place of ours while it is open", async () => {
    const log = await open("info");
    log.info({}, "one");
    await rename(path, `${path}.old`);
    execFileSync("mkfifo", [path]);
    log.info({}, "two");
    await unlink(path);
    await symlink(inWork("elsewhere"), path);
    log.info({}, "three");
    expect(lines(`${path}.old`)).toHaveLength(1);
    await expect(lstat(inWork("elsewhere"))).rejects.toThrow("ENOENT");
  });
});

test("a line has no character that moves, hides or reorders text", async () => {
  const log = await open("info");
  const text = "a\u001b[2J\u009b2J\u007f\u202e\u2028\u{e0041}b";
  log.info({ text }, text);
  const [file = ""] = readFileSync(path, "utf8").split("\n");
  expect(file).toMatch(/^[\x20-\x7e]+$/u);
  expect(lines()[0]).toMatchObject({ text, msg: text });
});

function listenAt(socket: string): Promise<unknown> {
  const server = createServer();
  onTestFinished(() => void server.close());
  return new Promise((resolve) => server.listen(socket, () => resolve(undefined)));
}

const q = (count: number) => "q".repeat(count);
const secrets = {
  "API token": `ATATT3xFfGF0${q(171)}=1A2B3C4D`,
  "access token": `ATCTT3xFfGN0${q(171)}=1A2B3C4D`,
  "app password": `ATBB${q(24)}1A2B3C4D`,
  "Data Center token": `BBDC-${q(44)}`,
  "JSON web token": `eyJhbGciOiJIUzI1NiJ9.${q(80)}.${q(40)}`,
  "user and password in a URL": `https://ada:${q(20)}@bitbucket.org/acme/api.git`,
  "basic header": `authorization: Basic ${Buffer.from(`ada:${q(20)}1`).toString("base64")}`,
  "bearer header": `Authorization: Bearer ${q(20)}1`,
  "attribute of git": `password=${q(20)}`,
  "refresh token of git": `oauth_refresh_token=${q(20)}`,
} as const;

/** Base64 of a run of q, at any of its three offsets, is one of these. */
const traces = /q{6}|cXFxcXFx|FxcXFxcX|xcXFxcXF/u;

function nested(secret: string): Error {
  const cause = Object.assign(new Error(`deep ${secret}`), { body: secret, status: 401 });
  return new HelperError("network", `not reached: ${secret}`, { hint: `try ${secret}`, cause });
}

describe("the log and secrets", () => {
  it.each(Object.entries(secrets))("shows no %s, wherever it stands", async (_, secret) => {
    const log = await open("trace");
    for (const level of levels) {
      log[level]({}, secret);
      log[level]({}, `before ${secret}\nafter`);
      log[level]({ field: secret, list: [secret, { deep: { deeper: secret } }] }, "fields");
      log[level]({ err: nested(secret), error: nested(secret), list: [nested(secret)] }, "errors");
      log[level]({ bytes: Buffer.from(secret), url: parsed(secret) }, "bytes and URLs");
      log[level]({ map: new Map([["key", secret]]), set: new Set([secret]) }, "collections");
      log[level]({ json: JSON.stringify({ body: JSON.stringify({ secret }) }) }, "JSON in JSON");
    }
    expect(lines()).toHaveLength(levels.length * 7);
    expect(readFileSync(path, "utf8")).not.toMatch(traces);
    expect(readFileSync(path, "utf8")).not.toContain(Buffer.from(secret).join(","));
  });

  it("shows nothing under the name of a secret, and no Secret", async () => {
    const log = await open("info");
    const secret = new Secret("hunter2");
    const fields = { password: "hunter2", token: "hunter2", Authorization: "hunter2", secret };
    log.info({ ...fields, deep: fields, list: [secret] }, `told ${String(secret)}`);
    expect(lines()).toHaveLength(1);
    expect(readFileSync(path, "utf8")).not.toContain("hunter2");
  });

  it("still shows what an error is", async () => {
    const log = await open("info");
    log.error({ error: nested("nothing to hide") }, "failed");
    expect(lines()[0]).toMatchObject({
      error: {
        name: "HelperError",
        code: "network",
        message: "not reached: nothing to hide",
        stack: expect.stringContaining("log.test.ts"),
        cause: { name: "Error", message: "deep nothing to hide", status: 401 },
      },
    });
  });
});

function parsed(secret: string): URL | undefined {
  return URL.canParse(secret) ? new URL(secret) : undefined;
}
