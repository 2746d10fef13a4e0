// @ts-check
// Puts a build in the place of the one before, while programs may run from the same folder and others build there, too.
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What the bundler names after its content, and what keep-code.mjs makes of it; all else in the folder is left alone. */
const named = /-[\w-]{8}\.(?:js$|code)/u;

/**
 * Each file is there whole or not at all, and its name is in no other before. What changed nothing keeps its time: that is
 * how the daemon knows a new version.
 * @param {string} folder made when it is missing.
 * @param {ReadonlyMap<string, string>} files texts by name, in the order in which they are written.
 */
export async function replaceFiles(folder, files) {
  await mkdir(folder, { recursive: true });
  const before = await readdir(folder);
  for (const [name, text] of files) {
    const path = join(folder, name);
    if ((await readFile(path, "utf8").catch(() => undefined)) === text) continue;
    await replaceFile(path, text);
  }
  for (const name of before)
    if (named.test(name) && !files.has(name)) await rm(join(folder, name), { force: true });
}

/**
 * @param {string} path
 * @param {string} text
 */
export async function replaceFile(path, text) {
  const mode = text.startsWith("#!") ? 0o755 : 0o644;
  await writeFile(`${path}.${process.pid}`, text, { mode });
  await rename(`${path}.${process.pid}`, path);
}
