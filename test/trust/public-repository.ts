// A public repository of a stranger: what its files say reaches everybody who clones it.
import { mkdtemp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Story } from "../real-git/story.ts";

/** `.gitmodules` for one submodule in the folder `sub`. */
export function submoduleLines(url: string): string {
  return `[submodule "sub"]\n\tpath = sub\n\turl = ${url}\n`;
}

/**
 * Makes evil/top, public, and evil/sub, which eve alone may read.
 * @param files by their paths in evil/top, committed. The folder `sub` is a submodule at the commit of evil/sub.
 */
export async function publishHostile(
  story: Story,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const { site, simulator } = story;
  if (site.find("evil", "top") === undefined) {
    site.addRepository("evil/top", { isPublic: true });
    site.addRepository("evil/sub");
    site.allow("eve", "evil", "admin");
  }
  const sub = { workspace: "evil", repository: "sub", part: "repository" } as const;
  const top = { ...sub, repository: "top" } as const;
  const commit = (await simulator.repositories.git(sub, "rev-parse", "main")).trim();
  const bare = join(simulator.repositories.root, await simulator.repositories.folder(top));
  const folder = await mkdtemp(join(story.work, "stranger-"));
  const git = (...args: string[]) => story.succeed(["-C", folder, ...args]);
  await story.succeed(["clone", "--quiet", bare, folder]);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
    await git("add", "--force", path);
  }
  await git("update-index", "--add", "--cacheinfo", `160000,${commit},sub`);
  await git("commit", "--quiet", "--message=Of a stranger");
  await git("push", "--quiet", bare, "HEAD:main");
}
