// Paths as people write them.
import { sep } from "node:path";
import type { Outside } from "../outside.ts";
import { printable } from "./printable.ts";

export type Shown = (path: string) => string;

/** @returns a function that leaves out the current folder, writes ~ for the home, and masks what could harm a screen. */
export function showPaths({ env, cwd }: Pick<Outside, "env" | "cwd">): Shown {
  const home = env["HOME"];
  return (path) => {
    if (isIn(cwd, path)) return printable(path.slice(cwd.length + 1));
    const isBelow = home !== undefined && home !== "" && isIn(home, path);
    return printable(isBelow ? `~${path.slice(home.length)}` : path);
  };
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder) && [sep, "/"].includes(path[folder.length] ?? "");
}
