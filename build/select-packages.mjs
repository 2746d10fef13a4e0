// @ts-check
// The part of package-lock.json that a build of the program needs, on one platform.

/**
 * @typedef {Readonly<Record<string, string>>} Wanted versions by name, as package.json has them.
 * @typedef {{ readonly name?: string, readonly version: string, readonly integrity?: string,
 *   readonly dependencies?: Wanted, readonly optionalDependencies?: Wanted, readonly peerDependencies?: Wanted,
 *   readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>,
 *   readonly os?: readonly string[], readonly cpu?: readonly string[], readonly libc?: readonly string[],
 *   readonly [field: string]: unknown }} Locked an entry of the lock file.
 * @typedef {Readonly<Record<string, Locked>>} Entries by their place, such as `node_modules/execa`.
 * @typedef {{ readonly os: string, readonly cpu: string, readonly libc: string | undefined }} Platform
 * @typedef {{ readonly name: string, readonly version: string, readonly license: string, readonly engines: Wanted,
 *   readonly dependencies: Wanted, readonly devDependencies: Wanted }} PackageJson
 */

/** What build/ and src/ import beside the dependencies of package.json. None of it is in a package of the program. */
export const buildPackages = ["age-encryption", "execa", "pino", "rolldown", "socks", "undici"];

/**
 * @param {PackageJson} packageJson
 * @param {{ readonly packages: Entries, readonly [field: string]: unknown }} lock
 * @param {Platform} platform
 * @returns {{ packageJson: object, lock: { packages: Entries } }} a manifest and its lock file, each entry word for word
 *   that of the lock given, but for what is left out: other platforms' packages, and the mark of a development package.
 *   Throws when the lock file lacks a package, or the integrity of one.
 */
export function selectPackages(packageJson, lock, platform) {
  const { name, version, license, engines, dependencies, devDependencies } = packageJson;
  const own = buildPackages.map((each) => [each, devDependencies[each]]);
  const wanted = { ...dependencies, ...Object.fromEntries(own) };
  const selected = closure(wanted, lock.packages, platform);
  // npm passes over a package that only an optional one names, when it is not what the lock file says, and goes on.
  const optional = [...selected.values()].flatMap((entry) =>
    Object.entries(entry.optionalDependencies ?? {}),
  );
  const root = {
    name,
    version,
    license,
    dependencies: { ...wanted, ...Object.fromEntries(optional) },
    engines,
  };
  const packages = { "": root, ...Object.fromEntries([...selected].toSorted(byPlace)) };
  return { packageJson: { ...root, private: true }, lock: { ...lock, packages } };
}

/**
 * @param {Wanted} wanted
 * @param {Entries} entries
 * @param {Platform} platform
 * @returns {ReadonlyMap<string, Locked>}
 */
function closure(wanted, entries, platform) {
  /** @type {Map<string, Locked>} */
  const selected = new Map();
  const add = (/** @type {string} */ host, /** @type {Wanted} */ names) => {
    for (const name of Object.keys(names)) {
      const place = findPlace(entries, host, name);
      if (selected.has(place)) continue;
      const entry = forPlatform(place, entries, platform);
      if (entry.integrity === undefined) throw new Error(`${place} has no integrity`);
      selected.set(place, entry);
      add(place, { ...entry.dependencies, ...entry.optionalDependencies, ...neededPeers(entry) });
    }
  };
  add("", wanted);
  return selected;
}

/**
 * @param {Locked} entry
 * @returns {Wanted}
 */
function neededPeers({ peerDependencies = {}, peerDependenciesMeta = {} }) {
  const needed = Object.entries(peerDependencies).filter(
    ([name]) => peerDependenciesMeta[name]?.optional !== true,
  );
  return Object.fromEntries(needed);
}

/**
 * @param {string} place
 * @param {Entries} entries
 * @param {Platform} platform
 * @returns {Locked} without the optional dependencies that are for others.
 */
function forPlatform(place, entries, platform) {
  const {
    dev: _dev,
    devOptional: _both,
    optional: _optional,
    ...entry
  } = /** @type {Locked} */ (entries[place]);
  if (entry.optionalDependencies === undefined) return entry;
  const ours = Object.entries(entry.optionalDependencies).filter(([name]) =>
    runsOn(/** @type {Locked} */ (entries[findPlace(entries, place, name)]), platform),
  );
  return { ...entry, optionalDependencies: Object.fromEntries(ours) };
}

/**
 * As Node finds it: beside what the package brings, then beside the package, and so on up.
 * @param {Entries} entries
 * @param {string} host the place of the package that names it, "" for the project.
 * @param {string} name
 * @returns {string}
 */
function findPlace(entries, host, name) {
  for (let folder = host; ; folder = folder.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/u, "")) {
    const place = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (entries[place] !== undefined) return place;
    if (folder === "") throw new Error(`package-lock.json lacks ${name}`);
  }
}

/**
 * @param {Locked} entry
 * @param {Platform} platform
 */
function runsOn(entry, { os, cpu, libc }) {
  return allows(entry.os, os) && allows(entry.cpu, cpu) && allows(entry.libc, libc);
}

/**
 * package.json(5), os: names, or names with an exclamation mark for all but these.
 * @param {readonly string[] | undefined} list
 * @param {string | undefined} value
 */
function allows(list, value) {
  if (list === undefined) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(`${value}`) || list.every((name) => name.startsWith("!"));
}

/**
 * @param {readonly [string, unknown]} one
 * @param {readonly [string, unknown]} other
 */
function byPlace([one], [other]) {
  return one < other ? -1 : 1;
}
