// The repositories on disk: bare ones with a first commit, made when they are asked for first.
import { execFile } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RepositoryTarget } from "./repository-target.ts";

const run = promisify(execFile);

export class Repositories {
  readonly root: string;
  readonly #made = new Map<string, Promise<void>>();
  #template: Promise<string> | undefined;

  constructor(directory: string) {
    this.root = join(directory, "repositories");
  }

  /** @returns the folder, below root, of a repository, its wiki or a snippet, made when it is not there. */
  async folder(target: Omit<RepositoryTarget, "rest">): Promise<string> {
    const name = folderName(target);
    let made = this.#made.get(name);
    if (made === undefined) {
      made = this.#make(join(this.root, name));
      this.#made.set(name, made);
    }
    await made;
    return name;
  }

  /** Runs git in a repository, as an administrator of the server would. */
  async git(target: Omit<RepositoryTarget, "rest">, ...args: readonly string[]): Promise<string> {
    const folder = join(this.root, await this.folder(target));
    return (await run("git", ["-C", folder, ...args], { env: gitEnvironment() })).stdout;
  }

  async #make(path: string): Promise<void> {
    this.#template ??= makeTemplate(join(this.root, "template"));
    await cp(await this.#template, path, { recursive: true });
  }
}

function folderName({ workspace, repository, part }: Omit<RepositoryTarget, "rest">): string {
  if (part === "snippet") return join("snippets", workspace, `${repository}.git`);
  return join(workspace, part === "wiki" ? `${repository}.wiki.git` : `${repository}.git`);
}

async function makeTemplate(path: string): Promise<string> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await run("git", args, { env: gitEnvironment(path) })).stdout.trim();
  await mkdir(path, { recursive: true });
  await git("init", "--quiet", "--bare", path);
  await git("symbolic-ref", "HEAD", "refs/heads/main");
  await git("config", "http.receivepack", "true");
  // The empty tree has the same name everywhere; hash-object makes it.
  const tree = await git("hash-object", "-t", "tree", "-w", "/dev/null");
  const commit = await git("commit-tree", tree, "-m", "First commit");
  await git("update-ref", "refs/heads/main", commit);
  return path;
}

function gitEnvironment(directory?: string): Record<string, string> {
  const identity = { NAME: "Simulator", EMAIL: "simulator@example.com" };
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: "/nonexistent",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: identity.NAME,
    GIT_AUTHOR_EMAIL: identity.EMAIL,
    GIT_COMMITTER_NAME: identity.NAME,
    GIT_COMMITTER_EMAIL: identity.EMAIL,
    ...(directory === undefined ? {} : { GIT_DIR: directory }),
  };
}
