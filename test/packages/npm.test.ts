// The package for npm: what is in it, and that `npm install -g`, with its scripts blocked, is enough to clone.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeClone, npmEnvironment } from "../install/clone.ts";
import { projectRoot } from "../support/project.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { openWorld } from "../support/world.ts";

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

let sandbox: Sandbox;
let packed: Packed;

beforeAll(async () => {
  sandbox = await openSandbox();
  const clone = await makeClone(sandbox);
  const told = await npm(["pack", "--json", "--pack-destination", sandbox.work], clone);
  const [found] = JSON.parse(told) as readonly Packed[];
  if (found === undefined) throw new Error(told);
  packed = found;
}, 120_000);
afterAll(async () => await sandbox.close());

async function npm(args: readonly string[], cwd = sandbox.work): Promise<string> {
  const env = {
    ...npmEnvironment,
    npm_config_cache: join(sandbox.work, "cache"),
    // `npm pack` is to build, whatever this machine says.
    npm_config_ignore_scripts: undefined,
  };
  const result = await sandbox.run("npm", [...args, "--loglevel=error"], { cwd, env });
  expect(result).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

test("holds what is needed and nothing else", () => {
  const paths = packed.files.map(({ path }) => path);
  const chunks = /^dist\/[\w-]+-[\w-]{8}\.js$/u;
  expect(paths.filter((path) => !chunks.test(path)).toSorted()).toEqual(
    [
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "dist/THIRD-PARTY-LICENSES.txt",
      "dist/git-credential-bitbucket",
      "dist/keytar-child.cjs",
      "dist/main.js",
      "dist/package.json",
      ...readdirSync(`${projectRoot}man`).map((page) => `man/${page}`),
      "package.json",
    ].toSorted(),
  );
  expect(paths.filter((path) => chunks.test(path)).length).toBeGreaterThan(20);
});

test("installed without scripts, it clones, pushes and completes", async () => {
  const prefix = join(sandbox.work, "npm global");
  const tarball = join(sandbox.work, packed.filename);
  await npm(["install", "--global", "--prefix", prefix, "--ignore-scripts", tarball]);
  const world = await openWorld({ helper: "none" });
  try {
    const env = { PATH: `${prefix}/bin:${sandbox.env["PATH"]}` };
    const git = async (args: readonly string[], input = "", cwd = world.work) => {
      const result = await world.git(args, { env, input, cwd });
      expect(result).toMatchObject({ exitCode: 0 });
      return result.stdout;
    };
    await git(["credential-bitbucket", "configure"]);
    const helper = await git(["config", "--get-all", "credential.https://bitbucket.org.helper"]);
    expect(helper).toBe(`\n${prefix.replace(" ", String.raw`\ `)}/bin/git-credential-bitbucket\n`);

    const { secret } = world.site.apiToken("alice", { name: "T" });
    const login = ["login", "--with-token", "--email=alice@example.com"];
    await git(["credential-bitbucket", ...login], secret);
    await git(["clone", "--quiet", "https://bitbucket.org/acme/api.git", "api"]);
    await git(["push", "--quiet", "origin", "main"], "", join(world.work, "api"));
    expect(world.gitLog().at(-1)).toMatchObject({ token: "T", status: 200 });

    expect(await git(["credential-bitbucket", "completion", "bash"])).toContain("complete -F");
    expect(await git(["credential-bitbucket", "--version"])).toMatch(
      /^git-credential-bitbucket \d/u,
    );
  } finally {
    await world.close();
  }
}, 240_000);
