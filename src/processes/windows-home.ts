// PowerShell and cmd know no HOME. Git for Windows sets it for itself before it looks for anything of the person's, and so it
// is the same here: git's compat/mingw.c, setup_windows_environment.
import { statSync } from "node:fs";
import type { Environment } from "../outside.ts";

/** @returns the environment with HOME, on Windows; where it is set, or nothing says what it is, as it was. */
export function withHome(env: Environment, platform: NodeJS.Platform): Environment {
  if (platform !== "win32" || (env["HOME"] ?? "") !== "") return env;
  const { HOMEDRIVE = "", HOMEPATH = "", USERPROFILE } = env;
  const named = HOMEDRIVE + HOMEPATH;
  // A share of the network may be away.
  const home = HOMEDRIVE !== "" && isDirectory(named) ? named : USERPROFILE;
  return home === undefined ? env : { ...env, HOME: home };
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
