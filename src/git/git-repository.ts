// What git knows about where we stand: the repository, its remotes, the person.
import type { Git } from "./git.ts";

export interface Remote {
  readonly name: string;
  /** As it stands in the configuration: before insteadOf, and with a secret when there is one in it. */
  readonly url: string;
  /** True for remote.<name>.pushUrl. */
  readonly push: boolean;
}

/** @returns the work tree's root, or undefined outside of one. Throws HelperError `git`. */
export async function findTopLevel(git: Git, cwd?: string): Promise<string | undefined> {
  const args = ["rev-parse", "--show-toplevel"];
  const { stdout, exitCode } = await git.run(args, { cwd, okExitCodes: [0, 128] });
  return exitCode === 0 ? stdout.replace(/\n$/u, "") : undefined;
}

/** @returns every URL of every remote, in the order of the configuration; none outside of a repository. */
export async function listRemotes(git: Git, cwd?: string): Promise<readonly Remote[]> {
  const args = ["config", "-z", "--get-regexp", String.raw`^remote\..+\.(url|pushurl)$`];
  const { stdout } = await git.run(args, { cwd, okExitCodes: [0, 1] });
  return stdout.split("\0").flatMap((entry) => {
    const [, name, key, url] = /^remote\.(.+)\.(url|pushurl)\n(.*)$/su.exec(entry) ?? [];
    if (name === undefined || url === undefined) return [];
    return [{ name, url, push: key === "pushurl" }];
  });
}

/** @returns user.email as it applies here: a guess at the Atlassian account's, no more. */
export async function guessEmail(git: Git): Promise<string | undefined> {
  const { stdout } = await git.run(["config", "-z", "--get", "user.email"], {
    okExitCodes: [0, 1],
  });
  const email = stdout.replace(/\0$/u, "");
  return email === "" ? undefined : email;
}
