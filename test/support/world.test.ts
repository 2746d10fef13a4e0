// The harness itself, with a helper of one line: real git, real names, and what the simulator saw of it.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { withDir } from "tmp-promise";
import { afterEach, describe, expect, test } from "vitest";
import { possibleNetworks } from "./network.ts";
import { openWorld, type World, type WorldOptions } from "./world.ts";

let world: World | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function open(options: WorldOptions): Promise<World> {
  world = await openWorld(options);
  return world;
}

const networks = await withDir(({ path }) => possibleNetworks(path), { unsafeCleanup: true });

describe(`networks that this machine allows: ${networks.join(", ")}`, () => {
  test.each(networks)("git clones and pushes under the real name, by %s", async (network) => {
    const opened = await open({ network, helper: "none" });
    const token = opened.site.apiToken("alice", { name: "of alice" });
    const answer = join(opened.work, "answer");
    await opened.run("sh", ["-c", 'cat >"$0"', answer], {
      input: `username=x-bitbucket-api-token-auth\npassword=${token.secret}\n`,
    });
    // It reads all: a git before 2.18 dies when a helper does not.
    const helper = `!f() { cat >/dev/null; test "$1" = get && cat ${answer}; }; f`;
    await opened.git(["config", "--global", "credential.helper", helper]);

    const clone = await opened.git(["clone", "https://bitbucket.org/acme/api.git"]);
    expect(clone.stderr).toBe("Cloning into 'api'...\n");
    const cwd = join(opened.work, "api");
    await opened.git(["commit", "--quiet", "--allow-empty", "--message=Second"], { cwd });
    expect((await opened.git(["push"], { cwd })).exitCode).toBe(0);

    const log = await opened.simulator.repositories.git(
      { workspace: "acme", repository: "api", part: "repository" },
      "log",
      "--format=%s",
    );
    expect(log).toBe("Second\nFirst commit\n");
    expect(opened.gitLog().at(-1)).toEqual({
      service: "git",
      method: "POST",
      host: "bitbucket.org",
      path: "/acme/api.git/git-receive-pack",
      scheme: "basic",
      username: "x-bitbucket-api-token-auth",
      kind: "api-token",
      token: "of alice",
      carriesSecret: true,
      fault: undefined,
      status: 200,
    });
  });
});

test("names only the front as helper, and the front runs the program", async () => {
  const opened = await open({});
  const config = await readFile(join(opened.home, ".gitconfig.git-credential-bitbucket"), "utf8");
  expect(config).toContain(`\thelper = "${opened.front}" #`);
  expect((await opened.helper(["--version"])).stdout).toMatch(/^git-credential-bitbucket \d/u);
});
