// Paths as people write them.
import type { Outside } from "../outside.ts";
import { printable } from "./printable.ts";

export type Shown = (path: string) => string;

/** @returns a function that leaves out the current folder, writes ~ for the home, and masks what could harm a screen. */
export function showPaths({ env, cwd }: Pick<Outside, "env" | "cwd">): Shown {
  const home = env["HOME"];
  return (path) => {
    if (path.startsWith(`${cwd}/`)) return printable(path.slice(cwd.length + 1));
    const isBelow = home !== undefined && home !== "" && path.startsWith(`${home}/`);
    return printable(isBelow ? `~${path.slice(home.length)}` : path);
  };
}
