// @ts-check
// The licences of the packages that a bundle has parts of, word for word: each asks to be in every copy.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const rule = `\n${"-".repeat(80)}\n\n`;

/** What the bundler puts into a bundle of its own. */
const runtime = "\0rolldown/";

/**
 * @param {readonly string[]} modules what is bundled: absolute paths, and the bundler's names for what is no file.
 * @returns {Promise<string>} one text, a part for each package. Throws when a package has no licence.
 */
export async function licences(modules) {
  const bundler = fileURLToPath(import.meta.resolve("rolldown"));
  const folders = modules.flatMap((id) => {
    const path = id.startsWith(runtime) ? bundler : id;
    return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path) ?? [];
  });
  const parts = await Promise.all([...new Set(folders)].toSorted().map(licence));
  return `The program has parts of these packages in it.\n${rule}${parts.join(rule)}`;
}

/**
 * With its notices, which the Apache License 2.0 asks for in section 4 (d).
 * @param {string} folder of an installed package.
 */
async function licence(folder) {
  const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const names = await readdir(folder);
  const files = names.filter((file) => /^(?:licen[cs]e|notice)/iu.test(file)).toSorted();
  if (!files.some((file) => /^l/iu.test(file))) throw new Error(`${name} has no licence`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return `${name} ${version}\n\n${texts.map((text) => `${text.trim()}\n`).join("\n")}`;
}
