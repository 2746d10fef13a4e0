// @ts-check
// The licences of the packages that a bundle has parts of, word for word: each asks to be in every copy.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const rule = `\n${"-".repeat(80)}\n\n`;

/**
 * @param {readonly string[]} modules absolute paths of what is bundled.
 * @returns {Promise<string>} one text, a part for each package. Throws when a package has no licence.
 */
export async function licences(modules) {
  const folders = modules.flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(path) ?? [],
  );
  const parts = await Promise.all([...new Set(folders)].toSorted().map(licence));
  return `The program has parts of these packages in it.\n${rule}${parts.join(rule)}`;
}

/** @param {string} folder of an installed package. */
async function licence(folder) {
  const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => /^licen[cs]e/iu.test(file)).toSorted();
  if (files.length === 0) throw new Error(`${name} has no licence`);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return `${name} ${version}\n\n${texts.map((text) => `${text.trim()}\n`).join("\n")}`;
}
