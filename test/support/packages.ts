// Which bundled packages a file of the program contains: known by a text that only that package has.
import { readFile } from "node:fs/promises";

export const bundledPackages: Readonly<Record<string, string>> = {
  "age-encryption": "age-encryption.org/v1",
  execa: "ExecaSyncError",
  pino: "sonic-boom",
  undici: "UND_ERR_HEADERS_TIMEOUT",
};

/** @returns names of packages. */
export async function packagesIn(file: string): Promise<readonly string[]> {
  const source = await readFile(file, "utf8");
  return Object.keys(bundledPackages).filter((name) =>
    source.includes(bundledPackages[name] ?? name),
  );
}
