// A stored, approved account is answered with nothing but what that takes: seen by the system calls of the real process.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gitHas } from "../support/git-features.ts";
import { packagesIn } from "../support/packages.ts";
import { seedAccount } from "../support/seed.ts";
import { openWorld, type World } from "../support/world.ts";

const request = "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n";

let world: World;

beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

/** Runs `get` and returns the lines of its traced system calls, children included. */
async function traceGet(calls: string, env = {}): Promise<readonly string[]> {
  const trace = join(world.work, "trace");
  const { stdout } = await world.run(
    "strace",
    [
      "--follow-forks",
      "--string-limit=4096",
      `--trace=${calls}`,
      `--output=${trace}`,
      world.front,
      "get",
    ],
    { input: request, env: { GIT_CREDENTIAL_BITBUCKET_DAEMON: "false", ...env } },
  );
  expect(stdout).toContain("password=");
  return (await readFile(trace, "utf8")).split("\n");
}

/** The packages in the program's files that a trace opened. */
async function packagesOpened(lines: readonly string[]): Promise<readonly string[]> {
  const files = new Set(
    lines.flatMap((line) => /"([^"]*\/dist\/[^"]*\.(?:js|code))"/u.exec(line)?.[1] ?? []),
  );
  expect(files.size).toBeGreaterThan(1);
  return (await Promise.all([...files].map(packagesIn))).flat();
}

async function seed() {
  const { secret } = world.site.accessToken({ workspace: "acme" });
  return await seedAccount(world, secret, { kind: "access-token" });
}

test("no package but age's is loaded", async () => {
  await seed();
  expect(await packagesOpened(await traceGet("openat"))).toEqual(["age-encryption"]);
});

test("the trace would see a package", async () => {
  await seed();
  const env = { GIT_CREDENTIAL_BITBUCKET_VALIDATE: "always" };
  expect(await packagesOpened(await traceGet("openat", env))).toContain("undici");
});

test("no connection is made, and no program but git config started", async () => {
  await seed();
  const lines = await traceGet("connect,execve");
  expect(lines.filter((line) => /connect\([^)]*AF_INET/u.test(line))).toEqual([]);
  const programs = lines.flatMap((line) => /execve\("([^"]+)".*= 0$/u.exec(line)?.[1] ?? []);
  expect(programs.map((program) => program.split("/").at(-1))).toEqual([
    "git-credential-bitbucket",
    "node",
    ...(gitHas.scopes ? ["git"] : ["git", "git", "git"]),
  ]);
  expect(world.log()).toEqual([]);
});
