// Where our files lie: XDG Base Directory Specification 0.8; on Windows under %LOCALAPPDATA%.
import { statSync } from "node:fs";
import { posix, win32 } from "node:path";
import { HelperError } from "../errors.ts";
import type { Environment } from "../outside.ts";

const ours = "git-credential-bitbucket";

/** Absolute paths of our own folders; none of them need exist. */
export interface Directories {
  /** The accounts file and the `file` store. */
  readonly data: string;
  readonly cache: string;
  readonly config: string;
  /** The log. */
  readonly state: string;
  /** Undefined where the session has none: then sockets go to `cache`. */
  readonly runtime: string | undefined;
}

/**
 * @returns our folders for this environment. Relative values are ignored, as the XDG specification demands.
 * Throws HelperError `system` when a folder can only be found through a home directory and there is none.
 */
export function directories(env: Environment, platform: NodeJS.Platform): Directories {
  return platform === "win32" ? windowsDirectories(env) : xdgDirectories(env);
}

/** Whether this environment has a place for our folders: a job may run without a home. */
export function hasDirectories(env: Environment, platform: NodeJS.Platform): boolean {
  try {
    directories(env, platform);
    return true;
  } catch (error) {
    if (error instanceof HelperError) return false;
    throw error;
  }
}

/**
 * @returns the folder where the processes of this user meet, as the front finds it: the session's runtime folder when there
 * is one that is this user's, else the cache folder. After `su` and `sudo` it is often the other user's.
 */
export function meetingDirectory(env: Environment, platform: NodeJS.Platform): string {
  const { runtime, cache } = directories(env, platform);
  return runtime !== undefined && isOwnDirectory(posix.dirname(runtime)) ? runtime : cache;
}

/** As `[ -d ]` and `[ -O ]` of the front do it, a link to a folder is one. */
function isOwnDirectory(path: string): boolean {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isDirectory() === true && found.uid === process.geteuid?.();
  } catch {
    return false;
  }
}

function xdgDirectories(env: Environment): Directories {
  const below = (variable: string, fallback: string) =>
    posix.join(absolute(env[variable], posix) ?? posix.join(home(env["HOME"]), fallback), ours);
  const runtime = absolute(env["XDG_RUNTIME_DIR"], posix);
  return {
    data: below("XDG_DATA_HOME", ".local/share"),
    cache: below("XDG_CACHE_HOME", ".cache"),
    config: below("XDG_CONFIG_HOME", ".config"),
    state: below("XDG_STATE_HOME", ".local/state"),
    runtime: runtime === undefined ? undefined : posix.join(runtime, ours),
  };
}

function windowsDirectories(env: Environment): Directories {
  const local = absolute(env["LOCALAPPDATA"], win32);
  if (local === undefined) {
    throw new HelperError("system", "LOCALAPPDATA is not set, so there is no place for accounts");
  }
  const below = (name: string) => win32.join(local, ours, name);
  return {
    data: below("data"),
    cache: below("cache"),
    config: below("config"),
    state: below("state"),
    runtime: undefined,
  };
}

function absolute(value: string | undefined, path: typeof posix): string | undefined {
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}

function home(value: string | undefined): string {
  const found = absolute(value, posix);
  if (found !== undefined) return found;
  throw new HelperError("system", "HOME is not set, so there is no place for accounts", {
    hint: 'export HOME="$(getent passwd "$(id -u)" | cut -d: -f6)"',
  });
}
