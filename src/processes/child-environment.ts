// What git and a browser get of the environment.
import { accessSync, constants, type PathLike, realpathSync, statSync } from "node:fs";
import type { Environment } from "../outside.ts";
import { withAbsolutePath } from "./find-program.ts";

/** Ours alone, or a secret: a child's environment can be read by whatever it starts. */
const ours = /^(?:BITBUCKET_TOKEN|GIT_CREDENTIAL_BITBUCKET_(?:TICKET|FORGOTTEN))$/u;
/** Their URLs may hold a password, and the gits that we start use no network. */
const proxies = /^(?:https?|all)_proxy$/iu;

/** Everything a program of the person's may need, its proxies included, and no secret of ours. */
export function programEnvironment(env: Environment): NodeJS.ProcessEnv {
  const entries = Object.entries(env).filter(([name]) => !ours.test(name));
  return withAbsolutePath(Object.fromEntries(entries));
}

/**
 * Everything git may need, and no secret. GIT_CONFIG goes, too: it would show another configuration to `git config` than
 * git itself has. So does what makes git look for programs in the current folder.
 */
export function gitEnvironment(env: Environment): NodeJS.ProcessEnv {
  const { GIT_CONFIG: _config, GIT_EXEC_PATH: folder, ...all } = programEnvironment(env);
  const rest = Object.fromEntries(Object.entries(all).filter(([name]) => !proxies.test(name)));
  const isAbsolute = folder !== undefined && /^(?:\/|[A-Za-z]:[\\/])/u.test(folder);
  return { ...rest, ...(isAbsolute && { GIT_EXEC_PATH: folder }) };
}

/** Variables that say where the repository is. */
const placeVariables = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE"] as const;

export interface Standing {
  /** Undefined: where this process is. */
  readonly cwd: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Where git can be started: a folder may be gone, or not ours to enter. Then git is asked outside of any repository.
 * @param cwd where this process is, or another folder.
 */
export function standIn(cwd: string, env: NodeJS.ProcessEnv): Standing {
  if (cwd !== currentFolder()) return standByName(cwd, env);
  // Not by its name: one that is no text could not be named.
  return canStayHere() ? { cwd: undefined, env } : outsideOfRepositories(env);
}

/** The same for a starter that goes nowhere but by name. */
export function standByName(
  cwd: string,
  env: NodeJS.ProcessEnv,
): Standing & { readonly cwd: string } {
  const canStart = canEnter(cwd) && (cwd !== currentFolder() || canStayHere());
  return canStart ? { cwd, env } : outsideOfRepositories(env);
}

function outsideOfRepositories(env: NodeJS.ProcessEnv): Standing & { readonly cwd: string } {
  const without = Object.fromEntries(placeVariables.map((name) => [name, undefined]));
  return { cwd: "/", env: { ...env, ...without } };
}

/** @returns the folder of this process; the root when it is gone. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

/** Being in a folder is not enough: git goes there by its name, and a folder above it may be closed. */
function canStayHere(): boolean {
  try {
    return canEnter(realpathSync.native(".", "buffer"));
  } catch {
    return false;
  }
}

function canEnter(folder: PathLike): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
