// No secret that migrate finds reaches a command line, an environment, a log or the screen.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openHousehold } from "./household.ts";
import { filesWith, put, putGitSecret, putManagerSecret, putRepository } from "./lying-around.ts";

const household = openHousehold({ "credential.bitbucketLogLevel": "trace" });

test("over a whole migration, with every log on", async () => {
  const { world, keyring, repository } = household;
  const dead = world.site.appPassword("alice").secret;
  const user = world.site.apiToken("alice").secret;
  const access = world.site.accessToken({ workspace: "acme", repository: "api" }).secret;
  const unknown = "abcdefghij0123456789";
  await putRepository(world, repository, {
    "remote.origin.url": `https://alice:${dead}@bitbucket.org/acme/api.git`,
    "remote.two.url": `https://x-token-auth:${access}@bitbucket.org/acme/api.git`,
    "remote.three.url": `https://alice:${unknown}@bitbucket.org/acme/api.git`,
    [`url.https://alice:${user}@bitbucket.org/.insteadOf`]: "bb:",
  });
  // Beside another account, a token that only a repository has would be left there.
  const lines = [
    `alice:${user}@bitbucket.org`,
    `x-token-auth:${access}@bitbucket.org/acme/api.git`,
  ];
  await put(
    join(world.home, ".git-credentials"),
    lines.map((line) => `https://${line}\n`).join(""),
  );
  await put(join(world.home, ".netrc"), `machine bitbucket.org login alice password ${unknown}\n`);
  await putGitSecret(world, keyring.env, unknown);
  await putManagerSecret(world, keyring.env, dead);

  const trace = join(world.work, "trace");
  const strace = [
    "strace",
    "--follow-forks",
    "--no-abbrev",
    "--string-limit=65536",
    "--trace=execve",
  ];
  const said: string[] = [];
  for (const args of [["--dry-run"], ["--yes"]]) {
    const run = await household.migrate(args, [
      ...strace,
      "--output-append-mode",
      `--output=${trace}`,
    ]);
    expect(run.exitCode).toBe(0);
    said.push(run.stdout, run.stderr);
  }
  const programs = await readFile(trace, "utf8");
  expect(programs.split("\n").filter((line) => line.includes('"config"')).length).toBeGreaterThan(
    5,
  );
  const parts = [dead, user, access, unknown].map((secret) => secret.slice(4, 20));
  for (const part of parts)
    for (const text of [programs, ...said]) expect(text).not.toContain(part);
  // The keyring's own file holds the one that only a person can tell about.
  const files = await filesWith(parts, world.home, world.work);
  expect(files.filter((path) => !/\.before-migrate$|\.keyring$/u.test(path))).toEqual([]);
});
