// A person's home with the front installed, a copy of the program of its own, and a count of how often Node was started.
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AccountFacts } from "../../src/secrets/keep.ts";
import type { Account } from "../../src/accounts/account.ts";
import type { DaemonStatus } from "../../src/daemon/answer-helper.ts";
import { installFront } from "../support/front.ts";
import { projectRoot } from "../support/project.ts";
import { openSandbox, type RunOptions, type RunResult, type Sandbox } from "../support/sandbox.ts";
import { registryOf, seedAccount } from "../support/seed.ts";
import { waitFor } from "../support/wait.ts";

export interface ShellOptions extends RunOptions {
  readonly shell?: string | undefined;
}

export interface DaemonHome extends Sandbox {
  readonly front: string;
  /** The copy's main.js: touching it is an upgrade. */
  readonly script: string;
  readonly directory: string;
  readonly socket: string;
  /** `git-credential-bitbucket ARGS` through the front, in the shell given instead of /bin/sh. */
  helper(args: readonly string[], options?: ShellOptions): Promise<RunResult>;
  get(request?: string, options?: ShellOptions): Promise<RunResult>;
  /** An approved access token for a workspace of that name. */
  seed(workspace: string, secret?: string, facts?: Partial<AccountFacts>): Promise<Account>;
  /** The same secret for `acme` and for as many more as are wanted, in one write. */
  seedMany(count: number, secret: string): Promise<void>;
  /** How often Node was started as the helper: not as a daemon, and not for a command. */
  helperStarts(): Promise<number>;
  /** What `daemon status --json` says; undefined when none answers. */
  status(): Promise<DaemonStatus | undefined>;
  /** Until the daemon that a get started has the socket. */
  untilWarm(): Promise<number>;
}

export const token = (letter: string) => `ATCTT3xFfGF0${letter.repeat(60)}`;
export const requestFor = (path: string) => `protocol=https\nhost=bitbucket.org\npath=${path}\n`;
export const answerFor = (secret: string) => `username=x-token-auth\npassword=${secret}\n`;

/** @param countStarts false where time is measured: counting costs a shell for each start of Node. */
export async function openDaemonHome(countStarts = true): Promise<DaemonHome> {
  const sandbox = await openSandbox();
  const program = join(sandbox.work, "program");
  await cp(join(projectRoot, "dist"), program, { recursive: true });
  const script = join(program, "main.js");
  const log = join(sandbox.work, "node-starts");
  await writeFile(log, "");
  const front = await writeFront(sandbox, script, countStarts ? log : undefined);
  const directory = join(sandbox.env["XDG_RUNTIME_DIR"] ?? "", "git-credential-bitbucket");

  function helper(args: readonly string[], options: ShellOptions = {}) {
    const { shell = "sh", ...others } = options;
    const [program = "sh", ...before] = shell.split(" ");
    return sandbox.run(program, [...before, front, ...args], others);
  }

  async function status(): Promise<DaemonStatus | undefined> {
    const { stdout } = await helper(["daemon", "status", "--json"]);
    const found = JSON.parse(stdout) as DaemonStatus & { readonly running: boolean };
    return found.running ? found : undefined;
  }

  return {
    ...sandbox,
    front,
    script,
    directory,
    socket: join(directory, "socket"),
    helper,
    get: (request = requestFor("acme/api.git"), options = {}) =>
      helper(["get"], { ...options, input: request }),
    seed: (workspace, secret = token("a"), facts = {}) =>
      seedAccount(sandbox, secret, { ...accessToken(workspace), ...facts }),
    async seedMany(count, secret) {
      const acme = await seedAccount(sandbox, secret, accessToken("acme"));
      await registryOf(sandbox).update((accounts) => [
        ...accounts,
        ...Array.from({ length: count - 1 }, (_, index) => ({
          ...acme,
          ...accessToken(`workspace-${index}`),
          secretKey: `workspace-${index}/000000000000`,
        })),
      ]);
    },
    async helperStarts() {
      const lines = (await readFile(log, "utf8")).split("\n");
      return lines.filter((line) => /^(?:get|store|erase)$/u.test(line)).length;
    },
    status,
    async untilWarm() {
      let pid = 0;
      await waitFor(async () => {
        const found = await status();
        pid = found?.pid ?? 0;
        return found !== undefined && found.entries.length > 0;
      });
      return pid;
    },
  };
}

function accessToken(workspace: string) {
  return {
    kind: "access-token",
    name: workspace,
    scope: { level: "workspace", workspace },
  } as const;
}

async function writeFront(
  sandbox: Sandbox,
  script: string,
  log: string | undefined,
): Promise<string> {
  const bin = join(sandbox.work, "bin");
  await mkdir(bin);
  const node = join(bin, "counted-node");
  const counted = `#!/bin/sh\nprintf '%s\\n' "$2" >>'${log}'\nexec '${process.execPath}' "$@"\n`;
  await writeFile(node, counted, { mode: 0o755 });
  return await installFront(bin, {
    node: log === undefined ? process.execPath : node,
    program: script,
  });
}
