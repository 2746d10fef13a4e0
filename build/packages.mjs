// @ts-check
// What install.sh and the Debian package ask about the packages of a build:
//
//   node build/packages.mjs write FOLDER   writes FOLDER/package.json and FOLDER/package-lock.json for `npm ci`, and prints
//                                          name@version of each package in them, one a line
//   node build/packages.mjs has FOLDER     exit 0 when FOLDER/node_modules has each of them, as the lock file names it
//   node build/packages.mjs is FOLDER      exit 0 when it has nothing else
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { selectPackages } from "./select-packages.mjs";

const [action, folder = "."] = process.argv.slice(2);
const project = join(import.meta.dirname, "..");
const { packageJson, lock } = select();
const wanted = Object.entries(lock.packages).filter(([place]) => place !== "");

if (action === "write") write();
else if (!isInstalled(action === "is")) process.exitCode = 1;

function select() {
  try {
    return selectPackages(
      readJson(join(project, "package.json")),
      readJson(join(project, "package-lock.json")),
      thisPlatform(),
    );
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

function write() {
  writeFileSync(join(folder, "package.json"), JSON.stringify(packageJson, null, 2));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock, null, 2));
  for (const [place, { name = place.replace(/^.*node_modules\//u, ""), version }] of wanted)
    console.log(`${name}@${version}`);
}

/** @param {boolean} nothingElse */
function isInstalled(nothingElse) {
  /** @type {import("./select-packages.mjs").Entries} */
  let installed;
  try {
    // npm's own list, which it writes last.
    installed = readJson(join(folder, "node_modules/.package-lock.json")).packages;
  } catch {
    return false;
  }
  const isThere = wanted.every(
    ([place, { integrity }]) => installed[place]?.integrity === integrity,
  );
  return isThere && (!nothingElse || Object.keys(installed).length === wanted.length);
}

/** @returns {import("./select-packages.mjs").Platform} that of the Node that runs this. */
function thisPlatform() {
  const { platform: os, arch: cpu } = process;
  if (os !== "linux") return { os, cpu, libc: undefined };
  // Without this, the report looks up the name of every network interface.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  return { os, cpu, libc: header.glibcVersionRuntime === undefined ? "musl" : "glibc" };
}

/** @param {string} path */
function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
