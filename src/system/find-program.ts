// Where a program is that a shell would find by its name.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * @param folders as in PATH; empty and relative ones count for nothing.
 * @returns the absolute path of the first executable file of that name.
 */
export function findProgram(name: string, folders: string | undefined): string | undefined {
  return (folders ?? "")
    .split(delimiter)
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
