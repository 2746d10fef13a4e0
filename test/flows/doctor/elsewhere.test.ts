// doctor: logins for Bitbucket in git's own files, netrc, URLs, a keyring and the environment.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openKeyring } from "../../support/keyring.ts";
import { ok, openExamination, skipped, warning } from "./run-doctor.ts";

const { desk, runDoctor } = openExamination();
const migrate = "git credential-bitbucket migrate";
const file = (name: string) => join(desk.world.home, name);

afterEach(async () => {
  for (const name of [".git-credentials", ".netrc"]) await rm(file(name), { force: true });
});

test("nothing", async () => {
  expect((await runDoctor()).of("elsewhere")).toEqual([
    ok("no login for bitbucket lies anywhere else"),
  ]);
});

test("each place with what lies in it, and no file's name unless asked for", async () => {
  const { site, work } = desk.world;
  const repository = join(work, "customer-x");
  await desk.world.git(["init", "--quiet", repository]);
  const url = `https://alice:${site.appPassword("alice").secret}@bitbucket.org/acme/api.git`;
  await desk.world.git(["remote", "add", "origin", url], { cwd: repository });
  const { secret } = site.apiToken("alice");
  const lines = [site.appPassword("alice").secret, site.appPassword("bob").secret, secret];
  await writeFile(
    file(".git-credentials"),
    lines.map((password, at) => `https://user${at}:${password}@bitbucket.org\n`).join(""),
    { mode: 0o600 },
  );
  await writeFile(file(".netrc"), `machine bitbucket.org login alice password ${secret}\n`);
  const env = { BITBUCKET_APP_PASSWORD: site.appPassword("alice").secret };
  const report = await runDoctor({ cwd: repository, env });
  expect(report.of("elsewhere")).toEqual([
    warning("files of git's helper 'store': 2 dead app passwords, 1 other login", migrate),
    warning("netrc, which curl and others read too: 1 other login", migrate),
    warning("URLs in git's configuration: 1 dead app password", migrate),
    warning("the environment: 1 dead app password", `${migrate} --dry-run`),
  ]);
  expect(report.exitCode).toBe(0);
  const verbose = (await runDoctor({ cwd: repository, env }, ["--verbose"])).of("elsewhere");
  expect(verbose.map(({ message }) => message)).toEqual([
    "~/.git-credentials: 2 dead app passwords, 1 other login",
    "~/.netrc: 1 other login",
    ".git/config: 1 dead app password",
    "the environment: 1 dead app password (BITBUCKET_APP_PASSWORD)",
  ]);
});

test("a locked keyring stays locked, and is told of", async () => {
  const keyring = await openKeyring(desk.world.env, "unlocked");
  try {
    const attributes = ["protocol", "https", "server", "bitbucket.org", "user", "alice"];
    const stored = ["store", "--label=Git: https://bitbucket.org/", ...attributes];
    const schema = ["xdg:schema", "org.git.Password"];
    await desk.world.run("secret-tool", [...stored, ...schema], {
      env: keyring.env,
      input: desk.world.site.appPassword("alice").secret,
    });
    const bus = { DBUS_SESSION_BUS_ADDRESS: keyring.env["DBUS_SESSION_BUS_ADDRESS"] };
    expect((await runDoctor({ env: bus })).of("elsewhere")).toEqual([
      warning("the keyring of git's helper 'libsecret': 1 dead app password", migrate),
    ]);
    await keyring.lock();
    expect((await runDoctor({ env: bus })).of("elsewhere")).toEqual([
      skipped(expect.stringContaining("in a locked keyring")),
    ]);
  } finally {
    await keyring.close();
  }
});
