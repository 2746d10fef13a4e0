// What git runs, as install.sh puts it there: with the absolute paths of Node and of the program.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { programScript, projectRoot } from "./project.ts";

/**
 * @param bin the folder for it, which is made.
 * @param paths those of this run when left out.
 * @returns the front's absolute path.
 */
export async function installFront(
  bin: string,
  paths: { readonly node?: string; readonly program?: string } = {},
): Promise<string> {
  const { node = process.execPath, program = programScript } = paths;
  await mkdir(bin, { recursive: true });
  const front = join(bin, "git-credential-bitbucket");
  let script = await readFile(join(projectRoot, "dist/git-credential-bitbucket"), "utf8");
  for (const [name, path] of [
    ["@NODE@", node],
    ["@PROGRAM@", program],
    ["@FRONT@", front],
  ] as const)
    script = script.replace(name, `'${path}'`);
  await writeFile(front, script, { mode: 0o755 });
  return front;
}
