// Answers git.c's questions with the machine's git: paths of Windows go in and come out as Git for Windows has them.
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface GitBridge {
  close(): void;
}

/** @param folder of git.exe. @param drives folders by drive letter, such as `{ z: "/" }`. */
export function openGitBridge(folder: string, drives: Readonly<Record<string, string>>): GitBridge {
  const answering = new Set<string>();
  const look = (): void => {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(".request") || answering.has(name)) continue;
      answering.add(name);
      answer(join(folder, name));
    }
  };
  const answer = (file: string): void => {
    const request = readRequest(readFileSync(file));
    rmSync(file);
    const git = execFile(
      "/usr/bin/git",
      request.args.map((arg) => unixPath(arg, drives)),
      {
        cwd: unixPath(request.cwd, drives),
        env: unixEnvironment(request.env, drives),
        encoding: "buffer",
      },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error === null ? 0 : 128;
        const out = Buffer.from(windowsPaths(stdout.toString("latin1")), "latin1");
        const part = file.replace(/request$/u, "part");
        writeFileSync(part, Buffer.concat([Buffer.from(`${code}\n${out.length}\n`), out, stderr]));
        renameSync(part, file.replace(/request$/u, "answer"));
      },
    );
    git.stdin?.on("error", () => {});
    git.stdin?.end(request.input);
  };
  const watcher = watch(folder, look);
  return { close: () => watcher.close() };
}

interface Request {
  readonly cwd: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly input: Buffer;
}

function readRequest(bytes: Buffer): Request {
  let at = 0;
  const next = (): string => {
    const end = bytes.indexOf(0, at);
    const field = bytes.toString("utf8", at, end);
    at = end + 1;
    return field;
  };
  const several = (): readonly string[] => Array.from({ length: Number(next()) }, next);
  const cwd = next();
  const args = several();
  const env = several();
  return { cwd, args, env, input: bytes.subarray(at) };
}

/** Where it begins like `Z:\` or `z:/`. */
export function unixPath(text: string, drives: Readonly<Record<string, string>>): string {
  const [, drive = "", rest = ""] = /^([A-Za-z]):[\\/](.*)$/su.exec(text) ?? [];
  const folder = drives[drive.toLowerCase()];
  return folder === undefined ? text : join(folder, rest.replaceAll("\\", "/"));
}

/** Git for Windows takes USERPROFILE for HOME where that is not set. */
function unixEnvironment(
  variables: readonly string[],
  drives: Readonly<Record<string, string>>,
): Record<string, string> {
  const given = new Map(
    variables.map((line) => {
      const at = line.indexOf("=", 1);
      return [line.slice(0, at), line.slice(at + 1)] as const;
    }),
  );
  const home = given.get("HOME") ?? given.get("USERPROFILE") ?? "";
  const env: Record<string, string> = { PATH: "/usr/bin:/bin", HOME: unixPath(home, drives) };
  for (const [name, value] of given)
    if (/^(?:GIT_|LC_|LANG$|XDG_)/u.test(name)) env[name] = unixPath(value, drives);
  return env;
}

/** The origins of settings. */
function windowsPaths(output: string): string {
  return output.replaceAll(/(^|[\0\n\t])file:\//gu, "$1file:Z:/");
}
