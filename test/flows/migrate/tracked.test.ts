// Secrets in files that a repository has under version control: whoever wrote the repository wrote them, and whoever can
// read it has them. They are told of, and never become the person's account; Bitbucket is not asked about them.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { openHousehold } from "./household.ts";
import { git, put, putRepository } from "./lying-around.ts";
import { gitHas } from "../../support/git-features.ts";

const household = openHousehold();
const isPublic = "public: anybody who can read the repository has it; revoke it";

/** A stranger's, good for evil/sub. */
let url: string;
let top: string;

beforeEach(async () => {
  const { site } = household.world;
  site.addRepository("evil/sub");
  site.allow("eve", "evil", "admin");
  url = `https://x-bitbucket-api-token-auth:${site.apiToken("eve").secret}@bitbucket.org/evil/sub.git`;
  top = await putRepository(household.world, household.repository, {});
});

const run = (folder: string, ...args: string[]) => git(household.world, ["-C", folder, ...args]);

async function commit(folder: string, path: string, text: string): Promise<string> {
  const file = await put(join(folder, path), text, 0o644);
  await run(folder, "add", "--force", path);
  await run(folder, "commit", "--quiet", `--message=${path}`);
  return file;
}

const module = (name: string): string =>
  `[submodule "${name}"]\n\tpath = ${name}\n\turl = ${url}\n`;

/** Nothing became an account, nothing was asked, and the files are as they were. */
async function expectLeft(because: string, ...files: string[]): Promise<void> {
  const before = await Promise.all(files.map((file) => readFile(file, "utf8")));
  for (const args of [["--dry-run"], ["--yes"], ["--yes", "--in", household.world.work]]) {
    const { stdout, exitCode } = await household.migrate(args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(because);
    expect(stdout).not.toContain("becomes account");
  }
  expect(await Promise.all(files.map((file) => readFile(file, "utf8")))).toEqual(before);
  expect(await household.accounts()).toEqual([]);
  expect(household.world.restLog()).toEqual([]);
}

test(".gitmodules, and what git copied from it", async () => {
  const file = await commit(top, ".gitmodules", module("sub"));
  await run(top, "config", "submodule.sub.url", url);
  const inner = join(top, ".git/modules/sub");
  await git(household.world, ["init", "--quiet", "--bare", inner]);
  await git(household.world, ["-C", inner, "config", "remote.origin.url", url]);
  await expectLeft(isPublic, file, join(top, ".git/config"), join(inner, "config"));
});

test("what git copied from a .gitmodules that says something else by now", async () => {
  await commit(
    top,
    ".gitmodules",
    module("sub").replace(url, "https://bitbucket.org/evil/sub.git"),
  );
  await run(top, "config", "submodule.sub.url", url);
  const inner = join(top, ".git/modules/sub");
  await git(household.world, ["init", "--quiet", "--bare", inner]);
  await git(household.world, ["-C", inner, "config", "remote.origin.url", url]);
  await expectLeft("git took it from .gitmodules", join(top, ".git/config"), join(inner, "config"));
});

test(".lfsconfig", async () => {
  const file = await commit(top, ".lfsconfig", `[lfs]\n\turl = ${url}/info/lfs\n`);
  await expectLeft(isPublic, file);
});

test("a file that the configuration includes", async () => {
  const file = await commit(top, "shared/git.config", `[remote "sub"]\n\turl = ${url}\n`);
  await run(top, "config", "include.path", "../shared/git.config");
  await expectLeft(isPublic, file);
});

test("a file of logins that a repository names", async () => {
  const file = join(household.world.work, "planted");
  await put(file, `${url}\n`);
  for (const key of ["credential.helper", "credential.https://bitbucket.org.helper"])
    await run(top, "config", key, `store --file ${file}`);
  await household.migrate(["--yes", "--in", top]);
  expect(await household.accounts()).toEqual([]);
  expect(household.world.restLog()).toEqual([]);
  expect(await readFile(file, "utf8")).toBe(`${url}\n`);
});

test("a bare repository that is nothing but files of another", async () => {
  const bare = join(top, "embedded");
  await git(household.world, ["init", "--quiet", "--bare", bare]);
  await put(join(bare, "refs/keep"), "", 0o644);
  await put(join(bare, "objects/keep"), "", 0o644);
  await git(household.world, ["config", "--file", join(bare, "config"), "remote.origin.url", url]);
  await run(
    top,
    "add",
    "--force",
    "embedded/HEAD",
    "embedded/config",
    "embedded/refs",
    "embedded/objects",
  );
  await run(top, "commit", "--quiet", "--message=Embedded");
  await household.migrate(["--yes", "--in", top]);
  expect(await household.accounts()).toEqual([]);
  expect(household.world.restLog()).toEqual([]);
  expect(await readFile(join(bare, "config"), "utf8")).toContain(url);
});

test("another branch in a linked work tree, and a secret that lies elsewhere as well", async () => {
  await run(top, "commit", "--quiet", "--allow-empty", "--message=First");
  const tree = join(household.world.work, "tree");
  await run(top, "worktree", "add", "-b", "other", tree);
  const file = await commit(tree, ".gitmodules", module("sub"));
  await run(top, "config", "remote.sub.url", url);
  await put(join(household.world.home, ".git-credentials"), `${url}\n`);
  await expectLeft(isPublic, file, join(top, ".git/config"));
});

test.runIf(gitHas.sparseIndex)(
  "git asks a repository with a part missing, and fetches nothing by what it names",
  async () => {
    const trace = join(household.world.work, "fetched");
    await put(join(top, "deep/file"), "deep", 0o644);
    await put(join(top, "here/file"), "", 0o644);
    await run(top, "add", ".");
    await run(top, "commit", "--quiet", "--message=First");
    await run(top, "sparse-checkout", "set", "--cone", "--sparse-index", "here");
    const tree = (await run(top, "rev-parse", "HEAD:deep")).trim();
    await rm(join(top, ".git/objects", tree.slice(0, 2), tree.slice(2)));
    const nested = await putRepository(household.world, join(top, "deep"), {});
    await run(nested, "config", "remote.origin.url", url);
    for (const [key, value] of Object.entries({
      "core.repositoryFormatVersion": "1",
      "extensions.partialClone": "origin",
      "remote.origin.promisor": "true",
      "remote.origin.url": top,
      "remote.origin.uploadpack": `touch ${trace} #`,
      "protocol.allow": "always",
    }))
      await run(top, "config", key, value);
    await household.migrate(["--dry-run", "--in", top]);
    await expect(readFile(trace)).rejects.toThrow("ENOENT");
  },
);

test("with git led elsewhere by the environment of the caller", async () => {
  const file = await commit(top, ".gitmodules", module("sub"));
  const other = await putRepository(household.world, join(household.world.work, "other"), {});
  const env = { GIT_INDEX_FILE: join(other, ".git/index"), ...household.keyring.env };
  const { front } = household.world;
  await household.world.run("setsid", ["--wait", front, "migrate", "--yes"], { cwd: top, env });
  expect(await household.accounts()).toEqual([]);
  expect(await readFile(file, "utf8")).toContain(url);
});

test("is not what lies in the work tree without being added, or in a configuration of one's own", async () => {
  await mkdir(join(top, "sub"), { recursive: true });
  const { site } = household.world;
  const token = site.apiToken("alice");
  const own = `https://alice:${token.secret}@bitbucket.org/acme/api.git`;
  await writeFile(join(top, ".gitmodules"), module("sub").replace(url, own));
  await run(top, "config", "remote.origin.url", own);
  const { stdout } = await household.migrate(["--yes"]);
  expect(stdout).toContain("stored as account 'acme'");
  expect(await run(top, "config", "remote.origin.url")).toBe(
    "https://bitbucket.org/acme/api.git\n",
  );
  expect(await readFile(join(top, ".gitmodules"), "utf8")).not.toContain(token.secret);
});

/** household.migrate fails when a token is shown. */
async function expectMoved(name: string): Promise<void> {
  expect((await household.migrate(["--dry-run"])).stdout).toContain("user API token");
  await household.migrate(["--yes"]);
  expect(await household.accounts()).toMatchObject([{ name, kind: "api-token" }]);
}

describe("a token in the username's place is the secret", () => {
  test.each(["TOKEN", "TOKEN:", "TOKEN:x-oauth-basic", "TOKEN:TOKEN"])("%s", async (user) => {
    const { secret } = household.world.site.apiToken("alice");
    const login = user.replaceAll("TOKEN", secret);
    await run(top, "config", "remote.origin.url", `https://${login}@bitbucket.org/acme/api.git`);
    await expectMoved("acme");
    const plain = "https://bitbucket.org/acme/api.git\n";
    expect(await run(top, "config", "remote.origin.url")).toBe(plain);
  });

  test("in .netrc", async () => {
    const { secret } = household.world.site.apiToken("alice");
    const line = `machine bitbucket.org login ${secret} password x-oauth-basic\n`;
    await put(join(household.world.home, ".netrc"), line);
    await expectMoved("alice");
  });
});
