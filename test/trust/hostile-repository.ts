// The ways in which somebody else's configuration comes to lie where a person works: all that it takes is to fetch or to
// unpack it, and to go there.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Story } from "../real-git/story.ts";

/** Keys with their values: `credential.bitbucketApiUrl`. */
export type Lines = Readonly<Record<string, string>>;

export interface HostilePlace {
  readonly title: string;
  /** Puts the lines there. @returns the folder to work in. */
  readonly make: (story: Story, lines: Lines) => Promise<string>;
}

export const hostilePlaces: readonly HostilePlace[] = [
  {
    title: "an unpacked archive with a .git/config",
    async make(story, lines) {
      const folder = await initialized(story, "archive");
      await configure(story, join(folder, ".git/config"), lines);
      return folder;
    },
  },
  {
    title: "a bare repository among the files of a clone",
    async make(story, lines) {
      const folder = await initialized(story, "public");
      const bare = join(folder, "fixtures/bare");
      for (const name of ["objects", "refs"]) {
        await mkdir(join(bare, name), { recursive: true });
        await writeFile(join(bare, name, ".gitkeep"), "");
      }
      await writeFile(join(bare, "HEAD"), "ref: refs/heads/main\n");
      const core = { "core.bare": "true", "core.repositoryFormatVersion": "0" };
      await configure(story, join(bare, "config"), { ...core, ...lines });
      await story.succeed(["add", "."], { cwd: folder });
      await story.succeed(["commit", "--quiet", "--message=fixtures"], { cwd: folder });
      const clone = join(story.work, "clone-of-public");
      await story.succeed(["clone", "--quiet", folder, clone]);
      return join(clone, "fixtures/bare");
    },
  },
  {
    title: "a linked work tree's own configuration",
    async make(story, lines) {
      const folder = await initialized(story, "main-tree");
      const linked = join(story.work, "linked");
      await story.succeed(["commit", "--quiet", "--allow-empty", "--message=first"], {
        cwd: folder,
      });
      await story.succeed(["config", "extensions.worktreeConfig", "true"], { cwd: folder });
      await story.succeed(["worktree", "add", linked], { cwd: folder });
      await configure(story, join(folder, ".git/worktrees/linked/config.worktree"), lines);
      return linked;
    },
  },
  {
    title: "files that the repository's configuration includes",
    async make(story, lines) {
      const folder = await initialized(story, "includes");
      const include = "include.path";
      await configure(story, join(folder, ".git/config"), { [include]: "../one" });
      await configure(story, join(folder, "one"), { "includeIf.onbranch:main.path": "two" });
      await configure(story, join(folder, "two"), lines);
      return folder;
    },
  },
];

async function initialized(story: Story, name: string): Promise<string> {
  const folder = join(story.work, name);
  await story.succeed(["init", "--quiet", folder]);
  return folder;
}

async function configure(story: Story, file: string, lines: Lines): Promise<void> {
  for (const [key, value] of Object.entries(lines))
    await story.succeed(["config", "--file", file, key, value]);
}
