// git's own `credential fill|approve|reject` before our helper, for hosts that the configuration makes ours, in the mode
// of this run.
// The questions git would ask are answered by a program, as git's own helper tests do.
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { closeInMode, daemonMode } from "../support/daemon-mode.ts";
import { installFront } from "../support/front.ts";
import { openSandbox, type RunResult, type Sandbox } from "../support/sandbox.ts";

/** What fill prints when no helper knew anything: the program's answers. */
export const asked = { username: "askpass-username", password: "askpass-password" };

export interface Conformance {
  readonly sandbox: Sandbox;
  approve(...lines: readonly string[]): Promise<void>;
  reject(...lines: readonly string[]): Promise<void>;
  /** What git ends up with, by key; the questions it had to ask are on stderr. */
  fill(...lines: readonly string[]): Promise<Filled>;
  /** The helper alone, for what the installed git would not pass on. */
  helper(operation: string, ...lines: readonly string[]): Promise<RunResult>;
  close(): Promise<void>;
}

export interface Filled {
  readonly values: Readonly<Record<string, string>>;
  readonly stderr: string;
}

/** @param hosts what `credential.bitbucketHosts` names. */
export async function openConformance(hosts: string): Promise<Conformance> {
  const sandbox = await openSandbox();
  const front = await installFront(join(sandbox.work, "bin"));
  const askpass = join(sandbox.home, "askpass");
  await writeProgram(
    askpass,
    `printf '%s\\n' "askpass: $1" >&2
case $1 in Username*) echo ${asked.username} ;; *) echo ${asked.password} ;; esac`,
  );
  const settings: readonly (readonly [string, string])[] = [
    ["credential.helper", front],
    ["credential.bitbucketHosts", hosts],
    ["credential.bitbucketStore", "file"],
    ["credential.bitbucketApiUrl", "http://127.0.0.1:9"],
    // Nobody is there to check a login; while a check is due, the daemon would leave every answer to the helper.
    ["credential.bitbucketValidate", "never"],
    ["credential.bitbucketDaemon", String(daemonMode === "on")],
  ];
  for (const [key, value] of settings) {
    await sandbox.run("git", ["config", "--global", key, value]);
  }
  if (daemonMode === "on") await sandbox.run(front, ["daemon", "start"]);
  const git = async (operation: string, lines: readonly string[]): Promise<RunResult> =>
    await sandbox.run("git", ["credential", operation], {
      input: input(lines),
      env: { GIT_ASKPASS: askpass },
    });
  return {
    sandbox,
    approve: async (...lines) => refuseNoise(await git("approve", lines)),
    reject: async (...lines) => refuseNoise(await git("reject", lines)),
    fill: async (...lines) => {
      const { stdout, stderr } = await git("fill", lines);
      return { values: values(stdout), stderr };
    },
    helper: async (operation, ...lines) =>
      await sandbox.run(front, [operation], { input: input(lines) }),
    close: () => closeInMode(sandbox),
  };
}

/** `key=value` lines as an object. */
export function values(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}

function input(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function refuseNoise({ stdout, stderr }: RunResult): void {
  if (stdout !== "" || stderr !== "") throw new Error(`unexpected output: ${stdout}${stderr}`);
}

async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}
