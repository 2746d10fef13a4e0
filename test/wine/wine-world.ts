// A person on Windows: the program as built, run by Node for Windows under Wine, beside the world's simulated Bitbucket.
// HOME is not set, as in PowerShell and cmd. What Node gets on stdin and gives on stdout are files: Wine cannot hand over
// a pipe of the system's.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, linkSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import type { RunOptions, RunResult } from "../support/sandbox.ts";
import { projectRoot } from "../support/project.ts";
import { openWorld, type World } from "../support/world.ts";
import { type GitBridge, openGitBridge } from "./git-bridge.ts";
import { shared, wineVariables } from "./prepare.ts";

export interface WineWorld extends Pick<World, "site" | "simulator" | "gitLog" | "restLog"> {
  /** `C:\Users\NAME`, as a folder of this machine. */
  readonly home: string;
  /** Where programs start. */
  readonly work: string;
  /** Node and the program's script, as paths of Windows. */
  readonly node: string;
  readonly script: string;
  /** `node.exe main.js ARGS`. */
  program(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Another program of Windows, by its path there. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** A program of this machine's. */
  unix: World["run"];
  /** As git runs it for a credential; the lines without the last, empty one. */
  asks(operation: string, lines: readonly string[]): Promise<RunResult>;
  close(): Promise<void>;
}

export interface WineWorldOptions {
  /** Where Node and the program lie, as a path of Windows; where they are when left out. */
  readonly installedIn?: string;
}

export async function openWineWorld({ installedIn }: WineWorldOptions = {}): Promise<WineWorld> {
  const world = await openWorld({ helper: "none", daemon: "off" });
  const root = dirname(world.home);
  const prefix = join(root, "prefix");
  copyPrefix(prefix);
  const bin = join(root, "bin");
  await mkdir(bin);
  await copyFile(shared.git, join(bin, "git.exe"));
  const drives = { z: "/", c: join(prefix, "drive_c") };
  const bridge: GitBridge = openGitBridge(bin, drives);
  const home = join(drives.c, "users", userInfo().username);
  await writeFile(join(home, ".gitconfig"), `[http]\n\tsslCAInfo = Z:${world.authority}\n`);
  const installed = await install(installedIn, drives.c);

  const env = {
    ...wineVariables,
    WINEPREFIX: prefix,
    WINEPATH: windowsPath(bin),
    GIT_TERMINAL_PROMPT: undefined,
    ...Object.fromEntries(
      Object.keys(world.env).flatMap((name) =>
        name.startsWith("XDG_") ? [[name, undefined]] : [],
      ),
    ),
  };
  const run = async (command: string, args: readonly string[], options: RunOptions = {}) => {
    const files = join(root, randomUUID());
    await mkdir(files);
    await writeFile(join(files, "in"), options.input ?? "");
    const script = 'wine "$@" <"$FILES/in" >"$FILES/out" 2>"$FILES/err"';
    const { exitCode } = await world.run("sh", ["-c", script, "sh", command, ...args], {
      ...options,
      input: "",
      env: { ...env, FILES: files, ...options.env },
    });
    const [stdout, stderr] = await Promise.all(
      ["out", "err"].map((name) => readFile(join(files, name), "utf8")),
    );
    await rm(files, { recursive: true });
    return { exitCode, stdout: stdout ?? "", stderr: stderr ?? "" };
  };
  const program = (args: readonly string[], options?: RunOptions) =>
    run(installed.node, [installed.script, ...args], options);

  return {
    ...world,
    ...installed,
    home,
    work: world.work,
    program,
    run,
    unix: (...call) => world.run(...call),
    asks: (operation, lines) =>
      program([operation], { input: lines.map((line) => `${line}\n`).join("") }),
    async close() {
      bridge.close();
      await world.run("wineserver", ["--kill"], { env });
      await world.close();
    },
  };
}

export function windowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}

/** Wine writes its registry and the person's folders anew, and never into files of the system. */
function copyPrefix(prefix: string): void {
  mkdirSync(join(prefix, "dosdevices"), { recursive: true });
  symlinkSync("../drive_c", join(prefix, "dosdevices/c:"));
  symlinkSync("/", join(prefix, "dosdevices/z:"));
  for (const name of readdirSync(shared.prefix))
    if (name.endsWith(".reg") || name === ".update-timestamp")
      cpSync(join(shared.prefix, name), join(prefix, name), { preserveTimestamps: true });
  execFileSync("cp", ["-al", join(shared.prefix, "drive_c"), join(prefix, "drive_c")]);
}

async function install(
  folder: string | undefined,
  drive: string,
): Promise<Pick<WineWorld, "node" | "script">> {
  if (folder === undefined)
    return { node: windowsPath(shared.node), script: windowsPath(`${projectRoot}dist/main.js`) };
  const target = join(drive, folder.replace(/^C:/u, "").replaceAll("\\", "/"));
  await mkdir(target, { recursive: true });
  if (!existsSync(join(target, "node.exe"))) linkSync(shared.node, join(target, "node.exe"));
  cpSync(`${projectRoot}dist`, join(target, "dist"), { recursive: true });
  cpSync(`${projectRoot}package.json`, join(target, "package.json"));
  cpSync(`${projectRoot}node_modules/keytar`, join(target, "node_modules/keytar"), {
    recursive: true,
  });
  return { node: `${folder}\\node.exe`, script: `${folder}\\dist\\main.js` };
}
