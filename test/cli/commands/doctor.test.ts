// doctor: what a person reads, and that it always comes to an end.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { version } from "../../../src/version.ts";
import { openDesk } from "../../support/desk.ts";
import { gitHas } from "../../support/git-features.ts";

const desk = openDesk();
const settled = (text: string) =>
  text
    .replaceAll(/in \d+ ms/gu, "in N ms")
    .replaceAll(/\d+ of 103 bytes/gu, "N of 103 bytes")
    .replaceAll(desk.world.env["XDG_RUNTIME_DIR"] ?? "", "RUNTIME")
    .replaceAll(desk.world.authority, "AUTHORITY")
    .replaceAll(desk.world.front, "FRONT")
    // Where no network of the test's own is possible, the way leads through a proxy.
    .replaceAll(/^(ok {7}proxy +)(?:none|http:\/\/HOST)$/gmu, "$1WAY")
    .replaceAll(/^(ok {7}(?:git|node) +)\d+\.\d+\.\d+$/gmu, "$1N");

test("all in order", async () => {
  const { secret } = desk.world.site.accessToken({ workspace: "acme" });
  await desk.runs(["login", "--with-token", "--workspace", "acme"], `${secret}\n`);
  const { stdout, stderr, exitCode } = await desk.runs(["doctor"]);
  expect(settled(stdout)).toBe(
    `git-credential-bitbucket ${version} on linux
ok       git              N
ok       node             N
ok       command          git credential-bitbucket is FRONT
ok       settings         all as they are by default
ok       repository       it says nothing about this program's settings
ok       environment      set: GIT_TERMINAL_PROMPT, GIT_CONFIG_NOSYSTEM, XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME, XDG_RUNTIME_DIR
ok       owner            the home and the files of this program are yours
skipped  BITBUCKET_TOKEN  it is not set
ok       helper chain     git asks this helper for bitbucket's hosts, and no other
ok       useHttpPath      git says which repository it is about
ok       accounts file    ~/.local/share/git-credential-bitbucket/accounts.json, with 1 account
ok       accounts         account 1: access token for one workspace, approved
ok       store            file: a secret was written, read, compared and deleted
skipped  store            there is no keychain: this session has no D-Bus; new secrets go to the file store
ok       elsewhere        no login for bitbucket lies anywhere else
ok       socket folder    RUNTIME/git-credential-bitbucket, not made yet, N of 103 bytes
skipped  daemon           none runs; the next git fetch starts one
ok       proxy            WAY
ok       CA files         those that node brings, then the system's, and AUTHORITY
ok       sslVerify        git checks who answers for bitbucket.org
ok       bitbucket        it answers in N ms
ok       clock            it agrees with bitbucket's
19 ok, 0 warnings, 0 failed, 3 skipped
`,
  );
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
});

test("--brief: only what is not in order, and how much is", async () => {
  const { stdout, exitCode } = await desk.runs(["doctor", "--brief"], "", {
    BITBUCKET_TOKEN: desk.world.site.appPassword("alice").secret,
    GIT_SSL_NO_VERIFY: "1",
  });
  expect(stdout).toBe(
    `failed   BITBUCKET_TOKEN  bitbucket does not accept app passwords any more
           next           unset BITBUCKET_TOKEN
warning  sslVerify        git does not check who answers, and gives the token to anybody: GIT_SSL_NO_VERIFY is set, which changes nothing here
           next           unset GIT_SSL_NO_VERIFY
16 ok, 1 warning, 1 failed, 4 skipped
`,
  );
  expect(exitCode).toBe(1);
});

test("--json: the same for programs", async () => {
  const { stdout, exitCode } = await desk.runs(["doctor", "--json"]);
  const answer = JSON.parse(stdout) as { readonly checks: readonly unknown[] };
  expect(answer).toMatchObject({ version: 1, program: version, platform: "linux" });
  expect(answer.checks).toContainEqual({
    title: "accounts",
    result: "skipped",
    message: "there are none yet",
    advice: "git credential-bitbucket login",
  });
  expect(exitCode).toBe(0);
});

test.runIf(gitHas.namedConfigFiles)(
  "ends, and ends what it started, although git hangs over its configuration",
  async () => {
    const folder = join(desk.world.work, "hanging");
    await mkdir(folder);
    const pipe = join(folder, "pipe");
    await desk.world.run("mkfifo", [pipe]);
    const config = join(folder, "config");
    await writeFile(config, `[include]\n\tpath = ${pipe}\n`);
    const env = { GIT_CONFIG_GLOBAL: config };
    const { stdout, exitCode } = await desk.runs(["doctor"], "", env);
    expect(stdout).toMatch(
      /^failed {3}settings +git does not read its configuration within 8 s\n +next +git config --list --show-origin$/mu,
    );
    expect(stdout).toMatch(/^ok {7}socket folder/mu);
    expect(exitCode).toBe(1);
    // Who still reads from the pipe would take this; without anybody the shell could not open it.
    const left = await desk.world.run("sh", ["-c", `timeout 1 sh -c ': >"$0"' "$0"`, pipe]);
    expect(left.exitCode).toBe(124);
  },
);

test.runIf(process.getuid?.() === 0)(
  "ends although the disk under the store does not answer",
  { timeout: 60_000 },
  async () => {
    const secrets = join(desk.world.home, ".local/share/git-credential-bitbucket/secrets");
    await mkdir(secrets, { recursive: true, mode: 0o700 });
    // Like a network file system whose server is gone: nobody answers what the kernel asks of it.
    const mount = 'mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 none "$1"';
    const script = `exec 3<>/dev/fuse; unshare --mount sh -c '${mount} && "$2" doctor 3>&-' sh "$@"`;
    const command = ["-c", script, "sh", secrets, desk.world.front];
    const { stdout, exitCode } = await desk.world.run("sh", command);
    expect(stdout).toMatch(/^failed {3}owner +it took longer than 10 s$/mu);
    expect(stdout).toMatch(/^failed {3}store +it took longer than 20 s$/mu);
    expect(stdout).toMatch(/, 2 failed, \d+ skipped\n$/u);
    expect(exitCode).not.toBe(0);
  },
);
