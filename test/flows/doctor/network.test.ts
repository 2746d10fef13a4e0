// doctor: the way to Bitbucket, out of order for real: faults of the simulated one, proxies, certificates, the clock.
import { copyFile, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { failed, ok, openExamination, skipped, warning } from "./run-doctor.ts";

const { desk, runDoctor } = openExamination();
const tryIt = "curl -sS -o /dev/null -w '%{http_code}\\n' https://api.bitbucket.org/2.0/user";
const showProxy = "git config --show-origin --get-regexp 'http.*proxy'; env | grep -i _proxy=";
const timeless = skipped("bitbucket did not say what time it is");
/** As `git -c KEY=VALUE` hands it on; it goes before the person's configuration. */
const gitConfig = (key: string, value: string) => ({
  GIT_CONFIG_PARAMETERS: `'${key}=${value}'`,
});
const reach = async (env: Record<string, string> = {}) => {
  const { of } = await runDoctor({ env });
  return { bitbucket: of("bitbucket"), clock: of("clock") };
};

describe("bitbucket", () => {
  test("is asked once, without a secret, whatever there is", async () => {
    const { secret } = desk.world.site.accessToken({ workspace: "acme" });
    await desk.runs(["login", "--with-token", "--workspace", "acme"], `${secret}\n`);
    desk.world.forgetLog();
    expect((await reach({ BITBUCKET_TOKEN: secret })).bitbucket).toEqual([
      ok(expect.stringMatching(/^it answers in \d+ ms$/u)),
    ]);
    expect(desk.world.log()).toMatchObject([
      { service: "rest", path: "/2.0/user", carriesSecret: false },
    ]);
  });

  test.each([503, 429])("has a fault of its own: %d", async (status) => {
    desk.restFails({ kind: "status", status });
    expect((await reach()).bitbucket).toEqual([
      warning(expect.stringContaining(`(${status})`), tryIt),
    ]);
  });

  test.each([
    ["a login page on the way", { kind: "redirect", to: "https://elsewhere.example" }],
    ["a page that nobody asked for", { kind: "garbage" }],
    ["a filter", { kind: "status", status: 403 }],
    ["a connection that is reset", { kind: "reset" }],
  ] as const)("%s", async (_title, fault) => {
    desk.restFails(fault);
    expect((await reach()).bitbucket).toEqual([failed(expect.stringMatching(/\w/u), tryIt)]);
  });

  test("does not answer", async () => {
    desk.restFails({ kind: "delay", milliseconds: Infinity });
    expect(await reach({ GIT_CREDENTIAL_BITBUCKET_TIMEOUT: "1s" })).toEqual({
      bitbucket: [failed("bitbucket did not answer within 1 s", tryIt)],
      clock: [timeless],
    });
  });

  test("nobody listens there", async () => {
    expect(await reach({ GIT_CREDENTIAL_BITBUCKET_API_URL: "http://127.0.0.1:9" })).toMatchObject({
      bitbucket: [{ result: "failed", message: expect.stringContaining("cannot be reached") }],
      clock: [timeless],
    });
  });

  test("has a certificate that is not trusted", async () => {
    expect((await reach(gitConfig("http.sslCAInfo", ""))).bitbucket).toEqual([
      failed(
        expect.stringContaining("is not trusted"),
        "git config --show-origin --get-regexp 'http.*sslca'",
      ),
    ]);
  });
});

const clockAhead = async (minutesAhead: number) => {
  const date = new Date(Date.now() - minutesAhead * 60_000).toUTCString();
  desk.restFails({ kind: "status", status: 401, headers: { date } });
  return (await reach()).clock;
};

describe("the clock", () => {
  test.each([0, 4, -4])("%d minutes off is near enough", async (minutes) => {
    expect(await clockAhead(minutes)).toEqual([ok("it agrees with bitbucket's")]);
  });

  test.each([
    [7, "it is 7 minutes ahead of bitbucket's"],
    [-90, "it is 90 minutes behind bitbucket's"],
  ])("%d minutes off", async (minutes, message) => {
    expect(await clockAhead(minutes)).toEqual([failed(message, "sudo timedatectl set-ntp true")]);
  });
});

const through = async (url: string, env: Record<string, string> = {}) => {
  const report = await runDoctor({ env: { ...gitConfig("http.proxy", url), ...env } });
  return { proxy: report.of("proxy"), bitbucket: report.of("bitbucket") };
};

describe("the proxy", () => {
  test("none", async () => {
    expect((await through("")).proxy).toEqual([ok("none")]);
  });

  test("its login is never shown, and its name only when asked for", async () => {
    const url = "http://corp-user:hunter2-hunter2@127.0.0.1:9";
    const { proxy: shown, bitbucket } = await through(url);
    expect(shown).toEqual([ok("http://HOST, with a username and a password")]);
    expect(bitbucket).toEqual([
      failed("the proxy HOST cannot be reached (ECONNREFUSED)", showProxy),
    ]);
    const verbose = await runDoctor({ env: gitConfig("http.proxy", url) }, ["--verbose"]);
    expect(verbose.of("proxy")).toEqual([ok("http://127.0.0.1:9, with a username and a password")]);
    expect(JSON.stringify(verbose.rows)).not.toContain("hunter2");
  });

  test("that no_proxy leaves out", async () => {
    const { proxy: shown, bitbucket } = await through("http://127.0.0.1:10", {
      GIT_CREDENTIAL_BITBUCKET_API_URL: "http://127.0.0.1:9",
      no_proxy: "127.0.0.1",
    });
    expect(shown).toEqual([ok("one is set, and no_proxy leaves it out")]);
    expect(bitbucket).toMatchObject([{ message: "HOST cannot be reached (ECONNREFUSED)" }]);
  });

  test("of a kind that is not spoken", async () => {
    expect(await through("ftp://127.0.0.1:9")).toEqual({
      proxy: [failed("the proxy set for git is neither http, https nor socks", showProxy)],
      bitbucket: [failed("the proxy set for git is neither http, https nor socks", showProxy)],
    });
  });
});

const caFiles = async (GIT_SSL_CAINFO: string) =>
  (await runDoctor({ env: { GIT_SSL_CAINFO } })).of("CA files");

const caFolder = async (GIT_SSL_CAPATH: string) =>
  (await runDoctor({ env: { GIT_SSL_CAPATH } })).of("CA files").at(-1);

const verification = async (env: Record<string, string>) =>
  (await runDoctor({ env })).of("sslVerify");

describe("certificates", () => {
  test("a file that can be used", async () => {
    expect(await caFiles(desk.world.authority)).toEqual([
      ok(`those that node brings, then the system's, and ${desk.world.authority}`),
    ]);
  });

  test("a file that is not there, or holds none", async () => {
    expect(await caFiles("/gone/ca.pem")).toEqual([
      failed("the CA file /gone/ca.pem cannot be read (ENOENT)", "ls -ld /gone/ca.pem"),
    ]);
    const empty = join(desk.world.work, "empty.pem");
    await writeFile(empty, "");
    expect(await caFiles(empty)).toEqual([
      failed(`the CA file ${empty} holds no certificate`, `ls -ld ${empty}`),
    ]);
  });

  test("a folder that can be used, is not there, or holds none", async () => {
    const place = await mkdtemp(join(desk.world.work, "authorities-"));
    expect(await caFolder(place)).toEqual(
      failed(`the CA folder ${place} holds no certificate`, `ls -ld ${place}`),
    );
    await copyFile(desk.world.authority, join(place, "any.crt"));
    expect(await caFolder(place)).toEqual(
      ok(`those that node brings, then the system's, and ${place}`),
    );
    expect(await caFolder("/gone")).toEqual(
      failed("the CA folder /gone cannot be read (ENOENT)", "ls -ld /gone"),
    );
  });

  test("git that checks nobody", async () => {
    const message = "git does not check who answers, and gives the token to anybody";
    expect(await verification({})).toEqual([ok("git checks who answers for bitbucket.org")]);
    expect(await verification({ GIT_SSL_NO_VERIFY: "1" })).toEqual([
      warning(
        `${message}: GIT_SSL_NO_VERIFY is set, which changes nothing here`,
        "unset GIT_SSL_NO_VERIFY",
      ),
    ]);
    expect(await verification(gitConfig("http.sslVerify", "false"))).toEqual([
      warning(
        `${message}: http.sslVerify is false, which changes nothing here`,
        "git config --show-origin --get-regexp 'http.*sslverify'",
      ),
    ]);
  });

  test("Node that is told to believe anybody", async () => {
    expect(await verification({ NODE_TLS_REJECT_UNAUTHORIZED: "0" })).toEqual([
      warning(
        "NODE_TLS_REJECT_UNAUTHORIZED is set, which changes nothing here",
        "unset NODE_TLS_REJECT_UNAUTHORIZED",
      ),
    ]);
    const { stdout } = await desk.runs(["doctor", "--json"], "", {
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      NODE_DEBUG: "unsaid",
    });
    expect(stdout).toContain('"message": "NODE_TLS_REJECT_UNAUTHORIZED is set, which changes');
    expect(stdout).toContain("forgotten here: NODE_DEBUG, NODE_TLS_REJECT_UNAUTHORIZED");
    expect(stdout).not.toContain("unsaid");
  });
});
