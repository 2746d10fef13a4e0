// A home of its own for a test: no file, setting or variable of the machine reaches what runs in it.
import { spawn, type ChildProcess } from "node:child_process";
import { realpathSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { dir } from "tmp-promise";
import { findProgram } from "../../src/processes/find-program.ts";
import { endLeftovers } from "./leftovers.ts";
import { programScript } from "./project.ts";

export interface RunOptions {
  readonly input?: string | Uint8Array | undefined;
  /** On top of the sandbox's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd?: string | undefined;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
}

export interface Sandbox {
  readonly home: string;
  /** Empty, for a test's own files; not inside the home. */
  readonly work: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program to its end. It is never killed by time: the test's own limit does that. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts a program and gives the process back; ended by close() when it still runs. */
  start(command: string, args: readonly string[], options?: RunOptions): ChildProcess;
  /** `git-credential-bitbucket ARGS` as built into dist/. */
  program(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Ends what was started, also in the background, and removes everything. */
  close(): Promise<void>;
}

/** Makes an empty home with XDG folders, an identity for git, and an environment of nothing else but PATH. */
export async function openSandbox(): Promise<Sandbox> {
  const root = await dir({ unsafeCleanup: true, prefix: "bb-" });
  const home = join(root.path, "home");
  const work = join(root.path, "work");
  const runtime = join(root.path, "run");
  for (const folder of [home, work, runtime]) await mkdir(folder, { mode: 0o700 });
  const env = sandboxEnvironment(home, runtime);
  const children = new Set<ChildProcess>();

  function start(command: string, args: readonly string[], options: RunOptions = {}): ChildProcess {
    const child = spawn(command, args, {
      cwd: options.cwd ?? work,
      env: { ...env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    children.add(child);
    child.once("close", () => children.delete(child));
    // A program may end without having read its input.
    child.stdin.on("error", () => {});
    if (options.input !== undefined) child.stdin.end(options.input);
    return child;
  }

  async function run(command: string, args: readonly string[], options: RunOptions = {}) {
    return await result(start(command, args, { ...options, input: options.input ?? "" }));
  }

  return {
    home,
    work,
    env,
    start,
    run,
    program: (args, options) => run(process.execPath, [programScript, ...args], options),
    async close() {
      await Promise.all([...children].map(end));
      await endLeftovers(home);
      await root.cleanup();
    },
  };
}

function sandboxEnvironment(home: string, runtime: string): Record<string, string> {
  return {
    PATH: testPath(),
    HOME: home,
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_STATE_HOME: join(home, ".local/state"),
    XDG_RUNTIME_DIR: runtime,
    TMPDIR: realpathSync(dirname(runtime)),
    LANG: "C.UTF-8",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Ada",
    GIT_AUTHOR_EMAIL: "ada@example.com",
    GIT_COMMITTER_NAME: "Ada",
    GIT_COMMITTER_EMAIL: "ada@example.com",
  };
}

/** The folders of the Node and the git under test (see test/versions/run.sh), and then those of the system. */
function testPath(): string {
  const system = ["/usr/local/bin", "/usr/bin", "/bin"];
  const node = dirname(process.execPath);
  const git = dirname(findProgram("git", process.env["PATH"]) ?? "/usr/bin/git");
  const tested = [node, git].filter((folder) => !system.includes(folder));
  return [...tested, node, ...system].join(":");
}

async function result(child: ChildProcess): Promise<RunResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      resolve({
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
        exitCode,
      });
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await closed;
}
