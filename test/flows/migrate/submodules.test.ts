// Submodules inside of submodules and linked work trees: each has configuration and tracked files of its own, in the most
// different places. Made by git itself. gitsubmodules(7), git-worktree(1).
import { lstat, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openHousehold } from "./household.ts";
import { git, putRepository } from "./lying-around.ts";
import { gitHas } from "../../support/git-features.ts";

const household = openHousehold();
const nothing = "no login for bitbucket lies outside of the accounts\n";
const plain = "https://bitbucket.org/acme/api.git";

/** A URL with a new app password. */
function deadUrl(): string {
  return `https://alice:${household.world.site.appPassword("alice").secret}@bitbucket.org/acme/api.git`;
}

const inWork = (...path: string[]): string => join(household.world.work, ...path);
const run = (folder: string, ...args: string[]) =>
  git(household.world, ["-C", folder, "-c", "protocol.file.allow=always", ...args]);

/** A repository with a commit, and with submodules. */
async function origin(name: string, submodules: Readonly<Record<string, string>>) {
  const path = await putRepository(household.world, inWork("origins", name), {});
  for (const [where, from] of Object.entries(submodules))
    await run(path, "submodule", "--quiet", "add", from, where);
  await run(path, "commit", "--quiet", "--allow-empty", "--message=First");
  return path;
}

/** Each file in which git, or a person, can put a URL gets one with a dead login. */
async function spoil(...files: string[]): Promise<void> {
  for (const file of files)
    await git(household.world, ["config", "--file", file, "remote.spoilt.url", deadUrl()]);
}

async function expectClean(...files: string[]): Promise<void> {
  const urls = files.map(async (file) => [
    file,
    (await git(household.world, ["config", "--file", file, "remote.spoilt.url"])).trimEnd(),
  ]);
  expect(await Promise.all(urls)).toEqual(files.map((file) => [file, plain]));
}

/** top holds libs/lib, which holds inner, which holds core. */
let top: string;

beforeEach(async () => {
  const core = await origin("core", {});
  const inner = await origin("inner", { core });
  const lib = await origin("lib", { inner });
  top = household.repository;
  await run(inWork(), "clone", "--quiet", await origin("top", { "libs/lib": lib }), top);
  await run(top, "submodule", "--quiet", "update", "--init", "--recursive");
});

/** What a repository with all its submodules keeps URLs in. */
const nested = (workTree: string, modules: string): readonly string[] => [
  join(workTree, ".gitmodules"),
  join(workTree, "libs/lib/.gitmodules"),
  join(workTree, "libs/lib/inner/.gitmodules"),
  join(workTree, "libs/lib/inner/.lfsconfig"),
  join(modules, "libs/lib/config"),
  join(modules, "libs/lib/modules/inner/config"),
  join(modules, "libs/lib/modules/inner/modules/core/config"),
];

test("from the outermost repository, every nested one and its .gitmodules", async () => {
  const files = nested(top, join(top, ".git/modules"));
  await spoil(...files);
  const { stdout, exitCode } = await household.migrate(["--yes"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("libs/lib/inner/.gitmodules, remote.spoilt.url");
  await expectClean(...files);
  expect((await household.migrate(["--yes"])).stdout).toBe(nothing);
  // No backup where it could be committed.
  for (const [folder, status] of [
    [top, " M .gitmodules\n m libs/lib\n"],
    [join(top, "libs/lib"), " M .gitmodules\n m inner\n"],
    [join(top, "libs/lib/inner"), " M .gitmodules\n?? .lfsconfig\n"],
  ] as const)
    expect(await run(folder, "status", "--short")).toBe(status);
});

test("from a nested one, itself and what is below it", async () => {
  const files = nested(top, join(top, ".git/modules"));
  await spoil(...files);
  await household.world.helper(["migrate", "--yes"], { cwd: join(top, "libs/lib/inner") });
  await expectClean(...files.filter((file) => file.includes("inner")));
  expect(await readFile(join(top, ".gitmodules"), "utf8")).toContain("ATBB");
});

test("a submodule whose work tree is gone still has its configuration", async () => {
  const files = nested(top, join(top, ".git/modules")).filter((file) => file.endsWith("config"));
  await spoil(...files.filter((file) => !file.endsWith(".lfsconfig")));
  await rm(join(top, "libs"), { recursive: true });
  const { stdout } = await household.migrate(["--yes"]);
  expect(stdout).not.toContain("note:");
  await expectClean(...files.filter((file) => !file.endsWith(".lfsconfig")));
});

test("a submodule with its own .git folder, as git made them once", async () => {
  const old = join(top, "libs/lib");
  await rm(join(old, ".git"));
  await rename(join(top, ".git/modules/libs/lib"), join(old, ".git"));
  await git(household.world, [
    "config",
    "--file",
    join(old, ".git/config"),
    "--unset",
    "core.worktree",
  ]);
  const files = [join(old, ".gitmodules"), join(old, ".git/config")];
  await spoil(...files);
  await household.migrate(["--yes"]);
  await expectClean(...files);
});

test("a path of a submodule that leads out of the repository is not followed", async () => {
  const away = await putRepository(household.world, inWork("away"), {
    "remote.spoilt.url": deadUrl(),
  });
  const text = '[submodule "x"]\n\tpath = ../away\n[submodule "y"]\n\tpath = /away\n';
  await writeFile(join(top, ".gitmodules"), text);
  expect((await household.migrate(["--yes"])).stdout).toBe(nothing);
  expect(await readFile(join(away, ".git/config"), "utf8")).toContain("ATBB");
});

test.runIf(gitHas.worktreeConfig)(
  "linked work trees: their own configuration, .gitmodules and submodules, from any of them",
  async () => {
    const tree = inWork("elsewhere/tree");
    await mkdir(inWork("elsewhere"));
    await run(top, "worktree", "add", tree);
    await run(tree, "submodule", "--quiet", "update", "--init", "--recursive");
    await run(top, "config", "extensions.worktreeConfig", "true");
    const own = join(top, ".git/worktrees/tree");
    await run(tree, "config", "--worktree", "remote.spoilt.url", deadUrl());
    expect((await lstat(join(own, "config.worktree"))).isFile()).toBe(true);
    const files = [
      ...nested(top, join(top, ".git/modules")),
      ...nested(tree, join(own, "modules")),
      join(own, "config.worktree"),
      join(top, ".git/config.worktree"),
    ];
    for (const cwd of [top, tree]) {
      await spoil(...files);
      await household.world.helper(["migrate", "--yes"], { cwd });
      await expectClean(...files);
    }
    expect(await run(tree, "status", "--short")).toBe(" M .gitmodules\n m libs/lib\n");
    // The backup lies beside it, where git looks for nothing.
    expect(await readFile(join(own, "config.worktree.before-migrate"), "utf8")).toContain("ATBB");
  },
);

test.runIf(gitHas.worktreeConfig)(
  "a linked work tree that is gone keeps nobody from the rest",
  async () => {
    const tree = inWork("tree");
    await run(top, "worktree", "add", tree);
    await run(top, "config", "extensions.worktreeConfig", "true");
    await run(tree, "config", "--worktree", "remote.spoilt.url", deadUrl());
    await rm(tree, { recursive: true });
    const { stdout } = await household.migrate(["--yes"]);
    expect(stdout).not.toContain("note:");
    await expectClean(join(top, ".git/worktrees/tree/config.worktree"));
  },
);

test("work trees inside of a bare repository, and those below a folder", async () => {
  const bare = inWork("many/bare.git");
  await run(inWork(), "clone", "--quiet", "--bare", inWork("origins/top"), bare);
  await run(bare, "worktree", "add", join(bare, "main"));
  await run(join(bare, "main"), "submodule", "--quiet", "update", "--init", "--recursive");
  const files = nested(join(bare, "main"), join(bare, "worktrees/main/modules"));
  await spoil(...files);
  await household.migrate(["--yes", "--in", inWork("many")]);
  await expectClean(...files);
  expect(await run(join(bare, "main"), "status", "--short")).toBe(" M .gitmodules\n m libs/lib\n");
});
