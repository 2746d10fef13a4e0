// What the end-to-end tests do over and over: log in, clone, push, and read what Bitbucket saw.
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { RepositoryTarget } from "../simulator/repository-target.ts";
import type { LogEntry } from "../simulator/request-log.ts";
import type { Token } from "../simulator/records.ts";
import { closeInMode, daemonMode } from "../support/daemon-mode.ts";
import type { RunOptions, RunResult } from "../support/sandbox.ts";
import { openWorld, type World, type WorldOptions } from "../support/world.ts";

export interface Story extends World {
  /** Runs git and throws, showing what it said, when it fails. */
  succeed(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** `login --with-token`; throws when it fails. */
  login(token: Token, args?: readonly string[]): Promise<RunResult>;
  /** Clones into a folder of work; resolves to that folder. */
  clone(url: string, folder: string): Promise<string>;
  /** Commits a change in a clone; resolves to the commit's subject. */
  commit(clone: string, subject: string): Promise<string>;
  /** Subjects of the commits that Bitbucket has. */
  history(workspace: string, repository: string, part?: RepositoryTarget["part"]): Promise<string>;
  status(): Promise<StatusReport>;
}

/** As much of `status --json` as is looked at here. */
export interface StatusReport {
  readonly accounts: readonly {
    readonly name: string;
    readonly state: string;
    readonly kind: string;
    readonly scope: string;
  }[];
}

/** A world with secrets in the `file` store, in the mode of this run, closed at the end of the test. */
export async function openStory(options: WorldOptions = {}): Promise<Story> {
  const gitConfig = { "credential.bitbucketStore": "file", ...options.gitConfig };
  const world = await openWorld({ ...options, gitConfig, daemon: daemonMode });
  onTestFinished(() => closeInMode(world));

  const succeed: Story["succeed"] = async (args, runOptions) =>
    expectDone(`git ${args.join(" ")}`, await world.git(args, runOptions));
  return {
    ...world,
    succeed,
    async login(token, args = []) {
      const input = `${token.secret}\n`;
      return expectDone("login", await world.helper(["login", "--with-token", ...args], { input }));
    },
    async clone(url, folder) {
      const path = join(world.work, folder);
      await succeed(["clone", "--quiet", url, path]);
      return path;
    },
    async commit(clone, subject) {
      await appendFile(join(clone, "notes"), `${subject}\n`);
      await succeed(["add", "notes"], { cwd: clone });
      await succeed(["commit", "--quiet", `--message=${subject}`], { cwd: clone });
      return subject;
    },
    history: (workspace, repository, part = "repository") =>
      world.simulator.repositories.git({ workspace, repository, part }, "log", "--format=%s"),
    async status() {
      const { stdout } = await world.helper(["status", "--json"]);
      return JSON.parse(stdout) as StatusReport;
    },
  };
}

function expectDone(what: string, result: RunResult): RunResult {
  if (result.exitCode === 0) return result;
  throw new Error(`${what} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
}

/** @returns who was let in with what: `username token` for each request with a secret that git or git-lfs made. */
export function credentials(log: readonly LogEntry[]): readonly string[] {
  const pairs = log
    .filter(({ kind }) => kind !== undefined)
    .map(({ username = "Bearer", token = "unknown" }) => `${username} ${token}`);
  return [...new Set(pairs)];
}
