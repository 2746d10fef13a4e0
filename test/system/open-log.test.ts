import { readFileSync, statSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HelperError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import type { Log } from "../../src/system/log.ts";
import { openLog } from "../../src/system/open-log.ts";
import type { Settings } from "../../src/system/settings.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";

let sandbox: Sandbox;
let path: string;
let warnings: (string | undefined)[];
beforeEach(async () => {
  sandbox = await openSandbox();
  path = join(sandbox.work, "folder/log");
  warnings = [];
});
afterEach(() => sandbox.close());

const open = (logLevel: Settings["logLevel"], logFile: string | undefined = path): Promise<Log> =>
  openLog({ logLevel, logFile }, { env: sandbox.env, platform: "linux" }, (...warning) =>
    warnings.push(...warning),
  );
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
      { env: sandbox.env, platform: "linux" },
      () => {},
    );
    log.info({}, "here");
    expect(lines(join(sandbox.home, ".local/state/git-credential-bitbucket/log"))).toHaveLength(1);
  });

  it("makes no file when it is silent, and loads nothing for it", async () => {
    const script = await buildWorker(
      sandbox.work,
      "silent",
      `import { openLog } from "./src/system/open-log.ts";
       const log = await openLog({ logLevel: "silent", logFile: process.argv[2] }, process, console.log);
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
    expect(warnings).toEqual([`cannot write the log ${path} (EISDIR)`, `ls -l ${path}`]);
    const other = await open("info", join(sandbox.work, "log"));
    await writeFile(join(sandbox.work, "file"), "");
    expect(await open("info", join(sandbox.work, "file/log"))).not.toBe(other);
    expect(warnings).toHaveLength(4);
    // A full disk while it is open.
    const full = await open("info", "/dev/full");
    full.info({}, "lost");
    expect(warnings).toHaveLength(4);
  });

  it("keeps the lines of several processes apart", async () => {
    const script = await buildWorker(
      sandbox.work,
      "writer",
      `import { openLog } from "./src/system/open-log.ts";
       const log = await openLog({ logLevel: "info", logFile: process.argv[2] }, process, console.log);
       for (let at = 0; at < 200; at += 1) log.info({ text: "x".repeat(5000) }, "said");`,
    );
    const runs = Array.from({ length: 4 }, () => sandbox.run(process.execPath, [script, path]));
    for (const { stderr, exitCode } of await Promise.all(runs)) {
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    }
    expect(lines()).toHaveLength(800);
  });
});

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
