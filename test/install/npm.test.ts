// The package for npm: what is in it, and that `npm install -g` is enough to use it.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { makeClone, npmEnvironment } from "./clone.ts";

let sandbox: Sandbox;
let tarball: string;
let packed: readonly string[];

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

beforeEach(async () => {
  sandbox = await openSandbox();
  const cwd = await makeClone(sandbox);
  const result = await npm(["pack", "--json", "--pack-destination", sandbox.work], cwd);
  const [found] = JSON.parse(result) as readonly Packed[];
  tarball = join(sandbox.work, found?.filename ?? "");
  packed = found?.files.map(({ path }) => path) ?? [];
});
afterEach(async () => await sandbox.close());

async function npm(args: readonly string[], cwd = sandbox.work): Promise<string> {
  const env = { ...npmEnvironment, npm_config_ignore_scripts: undefined };
  const result = await sandbox.run("npm", [...args, "--loglevel=error"], { cwd, env });
  expect(result).toMatchObject({ exitCode: 0 });
  return result.stdout;
}

test("holds what is needed and nothing else, and runs from where npm puts it", async () => {
  const folders = new Set(packed.map((path) => path.replace(/\/.*$/u, "")));
  expect([...folders].toSorted()).toEqual(
    ["CHANGELOG.md", "LICENSE", "README.md", "dist", "install", "man", "package.json"].toSorted(),
  );
  expect(packed).toEqual(
    expect.arrayContaining([
      "dist/main.js",
      "man/git-credential-bitbucket.1",
      "install/install.sh",
    ]),
  );
  expect(packed.filter((path) => /\.ts$|test/u.test(path))).toEqual([]);

  const prefix = join(sandbox.home, "npm global");
  await npm(["install", "--global", "--prefix", prefix, "--ignore-scripts", tarball]);
  const PATH = `${prefix}/bin:${sandbox.env["PATH"]}`;
  const configured = await sandbox.run("git", ["credential-bitbucket", "configure"], {
    env: { PATH },
  });
  expect(configured).toMatchObject({ exitCode: 0, stderr: "" });
  const key = "credential.https://bitbucket.org.helper";
  const helper = await sandbox.run("git", ["config", "--global", key]);
  expect(helper.stdout).toBe(`${prefix.replace(" ", "\\ ")}/bin/git-credential-bitbucket\n`);
  const asked = await sandbox.run("git", ["credential", "fill"], {
    input: "protocol=https\nhost=bitbucket.org\npath=acme/api.git\n\n",
    env: {
      BITBUCKET_TOKEN: `ATATT3xFfGF0${randomBytes(60).toString("hex")}`,
      GIT_CREDENTIAL_BITBUCKET_VALIDATE: "never",
    },
  });
  expect(asked.stdout).toContain("username=x-bitbucket-api-token-auth\n");
}, 240_000);
