import { existsSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detachedEnvironment, startDetached } from "../../src/processes/background.ts";
import { settingVariables } from "../../src/settings/setting-rows.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { waitFor } from "../support/wait.ts";
import { buildWorker } from "../support/worker.ts";

let sandbox: Sandbox;
let detached: number | undefined;
beforeEach(async () => {
  sandbox = await openSandbox();
  detached = undefined;
});
afterEach(async () => {
  if (detached !== undefined) process.kill(detached, "SIGKILL");
  await sandbox.close();
});

/** Starts itself once more in the background, where it stays, and says which process that is. */
const starter = `
  import { renameSync, writeFileSync } from "node:fs";
  import { readProxies } from "./src/processes/handed-proxies.ts";
  import { startDetached } from "./src/processes/background.ts";
  if (process.argv[2] === "stay") {
    setInterval(() => {}, 1000);
    readProxies(process.stdin).then((proxies) => {
      writeFileSync(process.argv[1] + ".part", JSON.stringify(proxies));
      renameSync(process.argv[1] + ".part", process.argv[1] + ".proxies");
    });
  } else {
    const pid = startDetached({ env: process.env, script: process.argv[1] }, ["stay", "an argument"], ["GIT_CREDENTIAL_BITBUCKET_API_URL"]);
    process.stdout.write(pid + "\\n");
  }
`;

const secret = `ATATT3xFfGF0${"q".repeat(60)}`;
const kept = {
  LC_MESSAGES: "C",
  DBUS_SESSION_BUS_ADDRESS: "unix:path=/nowhere",
  XDG_SESSION_TYPE: "tty",
  NO_PROXY: "localhost",
  // Node reads it at its start, and warns of a file that is not there.
  NODE_EXTRA_CA_CERTS: "",
  SSL_CERT_FILE: "/ca.pem",
  SSL_CERT_DIR: "/certs",
  USER: "ada",
  LOGNAME: "ada",
  GIT_CREDENTIAL_BITBUCKET_API_URL: "http://localhost:1",
  GIT_CREDENTIAL_BITBUCKET_EXTRA_CA_CERTS: "/ca.pem",
  GIT_CREDENTIAL_BITBUCKET_FRONT: "/bin/git-credential-bitbucket",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_SSL_CAINFO: "/ca.pem",
  GIT_SSL_CAPATH: "/certs",
};
const proxies = {
  https_proxy: `http://ada:${secret}@proxy.example`,
  HTTPS_PROXY: "http://proxy.example",
  all_proxy: "",
};
const dropped = {
  ...proxies,
  BITBUCKET_TOKEN: secret,
  BITBUCKET_EMAIL: "ada@example.com",
  GIT_CREDENTIAL_BITBUCKET_TICKET: "0123456789ab",
  GIT_DIR: "/repository/.git",
  GIT_PREFIX: "a/",
  GIT_CONFIG_PARAMETERS: `'http.extraHeader'='Authorization: ${secret}'`,
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "http.extraHeader",
  GIT_CONFIG_VALUE_0: secret,
  GIT_TRACE: "1",
  GIT_ASKPASS: "/bin/ask",
  GIT_TERMINAL_PROMPT: "0",
  NODE_OPTIONS: "--trace-warnings",
  NODE_DEBUG: "",
  NODE_V8_COVERAGE: "",
  LD_PRELOAD: "",
  LISTEN_FDS: "1",
  SECRET: secret,
  HOMEPAGE: "x",
  MY_HOME: "x",
  no_proxy_at_all: "x",
};

const proc = (pid: number, file: string) => readFileSync(`/proc/${pid}/${file}`, "latin1");

async function startThroughPipeline(): Promise<number> {
  const script = await buildWorker(sandbox.work, "starter", starter);
  // As in `git fetch 2>&1 | cat`, with descriptors open on a file and a pipe, also behind gaps.
  const log = [3, 17, 40, 200, 1000].map((fd) => `${fd}>"$1.log"`).join(" ");
  const command = `exec 4>&1; "$0" "$1" 2>&1 ${log} | cat`;
  const env = { ...kept, ...dropped };
  const { stdout } = await sandbox.run("bash", ["-c", command, process.execPath, script], { env });
  const pid = Number(stdout);
  if (!Number.isInteger(pid)) throw new Error(`the starter said: ${stdout}`);
  return pid;
}

describe("startDetached", () => {
  it("lets the pipeline of its starter end, and holds nothing of it", async () => {
    detached = await startThroughPipeline();
    // The pipeline has ended, and this one still runs.
    expect(proc(detached, "cmdline").split("\0").slice(2)).toEqual(["stay", "an argument", ""]);
    const descriptors = readdirSync(`/proc/${detached}/fd`);
    const targets = descriptors.map((fd) => readlinkSync(`/proc/${detached}/fd/${fd}`));
    // Its stdin is the end of a pipe that nobody else has any more.
    expect(["1", "2"].map((fd) => targets[descriptors.indexOf(fd)])).toEqual([
      "/dev/null",
      "/dev/null",
    ]);
    expect(targets.filter((target) => target.startsWith(sandbox.work))).toEqual([]);
    expect(readlinkSync(`/proc/${detached}/cwd`)).toBe("/");
  });

  it("has a session of its own and no terminal", async () => {
    detached = await startThroughPipeline();
    const stat = proc(detached, "stat");
    const [, , , session, terminal] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    expect([session, terminal]).toEqual([String(detached), "0"]);
  });

  it("has the environment it needs and nothing more", async () => {
    detached = await startThroughPipeline();
    const variables = proc(detached, "environ").split("\0").slice(0, -1);
    const names = variables.map((variable) => variable.slice(0, variable.indexOf("=")));
    const sandboxed = Object.keys(sandbox.env).filter((name) => !/^GIT_(?!CONFIG)/u.test(name));
    expect(new Set(names)).toEqual(new Set([...Object.keys(kept), ...sandboxed]));
    expect(variables.join(" ")).not.toContain("qqqq");
  });

  it("gets the person's proxies, which may hold a password, and not in its environment", async () => {
    detached = await startThroughPipeline();
    const file = join(sandbox.work, "starter.mjs.proxies");
    await waitFor(() => existsSync(file));
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(proxies);
  });

  it("leaves no core with its memory", async () => {
    detached = await startThroughPipeline();
    expect(proc(detached, "coredump_filter")).toBe("00000000\n");
  });

  it("is no error when it cannot be started", async () => {
    const env = { PATH: "x".repeat(3_000_000) };
    expect(startDetached({ env, script: join(sandbox.work, "no") }, [], [])).toBeUndefined();
  });
});

describe("detachedEnvironment", () => {
  it("is an allow-list", () => {
    expect(detachedEnvironment({ ...kept, ...dropped }, settingVariables)).toEqual(kept);
  });
});
