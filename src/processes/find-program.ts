// Programs by their absolute path. Whoever leaves the search to the system runs what lies in the current folder: on Windows
// always, elsewhere when PATH has an empty or a relative entry. And that folder may be anybody's repository.
import { accessSync, constants, type PathLike, statSync } from "node:fs";
import { posix, win32 } from "node:path";
import type { Environment } from "../outside.ts";

type Test = (path: string) => boolean;

/**
 * @param name without an extension: on Windows it is `.exe` or `.com`, never a script, which would need a shell.
 * @param folders as in PATH; empty and relative ones count for nothing.
 * @param isProgram whether a file can be run.
 * @returns the absolute path of the first executable file of that name.
 */
export function findProgram(
  name: string,
  folders: string | undefined,
  platform: NodeJS.Platform = process.platform,
  isProgram: Test = isExecutable,
): string | undefined {
  const path = platform === "win32" ? win32 : posix;
  const names = platform === "win32" ? [`${name}.exe`, `${name}.com`] : [name];
  return absoluteFolders(folders, platform)
    .flatMap((folder) => names.map((file) => path.join(folder, file)))
    .find(isProgram);
}

export function isExecutable(path: PathLike): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What the system takes where PATH is not set. Nothing is looked for in the current folder then. */
const usualFolders = "/usr/bin:/bin";

/** @returns the value of PATH, under whatever case Windows has it. */
export function pathOf(env: Environment, platform: NodeJS.Platform = process.platform): string {
  const set = pathNames(env, platform).map((name) => env[name]);
  return set.find((folders) => folders !== undefined) ?? fallbackFor(platform);
}

/** @returns the environment for a program that looks for others by itself: without empty and relative entries in PATH. */
export function withAbsolutePath(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): Record<string, string | undefined> {
  const safe: Record<string, string | undefined> = { ...env };
  for (const name of pathNames(env, platform)) {
    const folders = absoluteFolders(env[name], platform).join(delimiterOf(platform));
    safe[name] = folders === "" ? fallbackFor(platform) : folders;
  }
  // Only this keeps Windows from looking in the current folder before it looks on PATH.
  if (platform === "win32") safe["NoDefaultCurrentDirectoryInExePath"] = "1";
  return safe;
}

function fallbackFor(platform: NodeJS.Platform): string {
  return platform === "win32" ? "" : usualFolders;
}

function pathNames(env: Environment, platform: NodeJS.Platform): readonly string[] {
  if (platform !== "win32") return ["PATH"];
  const names = Object.keys(env).filter((name) => name.toUpperCase() === "PATH");
  return names.length === 0 ? ["PATH"] : names;
}

function absoluteFolders(
  folders: string | undefined,
  platform: NodeJS.Platform,
): readonly string[] {
  const isWindows = platform === "win32";
  const entries = (folders ?? "").split(delimiterOf(platform));
  // Windows allows quotes there. `\tools` and `C:tools` hang on the current drive and its folder.
  return isWindows
    ? entries
        .map((entry) => entry.replaceAll('"', ""))
        .filter((entry) => /^(?:[A-Za-z]:[\\/]|\\\\[^\\/.?])/u.test(entry))
    : entries.filter((entry) => entry.startsWith("/"));
}

function delimiterOf(platform: NodeJS.Platform): string {
  return (platform === "win32" ? win32 : posix).delimiter;
}
