// What comes from a registry: every package is what the lock file says, and a build takes in no more than it needs.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buildPackages, selectPackages, type Locked } from "../../build/select-packages.mjs";
import { projectRoot } from "../support/project.ts";
import { isPackage, readSourceGraph } from "./source-graph.ts";

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(projectRoot + path, "utf8"));
}

type Versions = Readonly<Record<string, string>>;
type Manifest = Parameters<typeof selectPackages>[0];

const packageJson = readJson("package.json") as Manifest;
const lock = readJson("package-lock.json") as Parameters<typeof selectPackages>[1];
const entries = Object.entries(lock.packages);
const packages = entries.filter(([place]) => place !== "");
const failing = (fails: (entry: Locked) => boolean): readonly string[] =>
  packages.flatMap(([place, entry]) => (fails(entry) ? place : []));

const whole = /^sha512-[A-Za-z0-9+/]{86}==$/u; // 64 bytes

test("each package has the integrity that it must have, and names no place to get it from", () => {
  expect(packages.length).toBeGreaterThan(100);
  expect(failing(({ integrity = "" }) => !whole.test(integrity))).toEqual([]);
  expect(failing((entry) => "resolved" in entry || "link" in entry || "inBundle" in entry)).toEqual(
    [],
  );
  expect(failing(({ version }) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(version))).toEqual([]);
});

test("every package comes from the registry: none from git, an address or a folder", () => {
  const fromRegistry = /^(?:npm:(?:@[\w.-]+\/)?[\w.-]+@)?[\d\sx*.^~<>=|-]+(?:-[\w.]+)?$/u;
  const all: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ...entries,
    ["package.json", { ...packageJson }],
  ];
  const wrong = all.flatMap(([place, entry]) =>
    ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"].flatMap(
      (field) =>
        Object.entries((entry[field] ?? {}) as Versions)
          .filter(([, wanted]) => !fromRegistry.test(wanted))
          .map(([name, wanted]) => `${name} ${wanted}, for ${place}`),
    ),
  );
  expect(wrong).toEqual([]);
});

/** Packages with an install script, and why they work without it. All is installed with --ignore-scripts. */
const scripts: Versions = {
  "node_modules/esbuild":
    "it looks for the program that its package for this platform brings; tests only",
  "node_modules/keytar":
    "it builds the library where the package has none that is built; it has one for each platform",
};

test("no package needs its install script", () => {
  expect(failing((entry) => entry["hasInstallScript"] === true)).toEqual(Object.keys(scripts));
});

// npm leaves out the platforms that its registry did not give, and npm 11 then refuses a clean installation.
test("the lock file names every package that is for one platform only", () => {
  const missing = entries.flatMap(([host, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).flatMap(([name, wanted]) => {
      const isExact = /^\d+\.\d+\.\d+$/u.test(wanted);
      const { version } = findLocked(host, name) ?? {};
      const isThere = isExact ? version === wanted : version !== undefined;
      return isThere ? [] : [`${name} ${wanted}, for ${host}`];
    }),
  );
  expect(missing).toEqual([]);
});

/** As Node finds it: beside what the package brings, then beside the package, and so on up. */
function findLocked(host: string, name: string): Locked | undefined {
  let folder = host;
  for (;;) {
    const found = lock.packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`];
    if (found !== undefined || folder === "") return found;
    folder = folder.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/u, "");
  }
}

test("a build gets what build/ and src/ import, and nothing else", async () => {
  const graph = await readSourceGraph();
  const imported = [...graph.values()].flat().map(({ target }) => target);
  const builders = readdirSync(`${projectRoot}build`).filter((name) => /\.[cm]js$/u.test(name));
  const loaded = builders.flatMap((name) => {
    const text = readFileSync(`${projectRoot}build/${name}`, "utf8");
    const named = /(?:\bfrom |\bimport |\bimport\(|\brequire\(|\bresolve\()"([^"./][^"]*)"/gu;
    return [...text.matchAll(named)].map(([, target = ""]) => target);
  });
  const names = [...imported, ...loaded].filter(isPackage);
  const wanted = [...buildPackages, ...Object.keys(packageJson.dependencies)];
  // A child loads keytar by name: see imports.test.ts.
  expect(new Set([...names, "keytar"])).toEqual(new Set(wanted));
  expect(buildPackages).toEqual(buildPackages.toSorted());
});

// Written down, so that a package that comes along with a new version of another is seen before it is taken in.
const unpacked = [
  "@noble/ciphers",
  "@noble/curves",
  "@noble/hashes",
  "@noble/post-quantum",
  "@oxc-project/types",
  "@pinojs/redact",
  "@rolldown/binding-linux-x64-gnu",
  "@rolldown/pluginutils",
  "@scure/base",
  "@sec-ant/readable-stream",
  "@sindresorhus/merge-streams",
  "age-encryption",
  "atomic-sleep",
  "cross-spawn",
  "execa",
  "figures",
  "get-stream",
  "human-signals",
  "ip-address",
  "is-plain-obj",
  "is-stream",
  "is-unicode-supported",
  "isexe",
  "keytar",
  "node-addon-api",
  "npm-run-path",
  "on-exit-leak-free",
  "parse-ms",
  "path-key",
  "pino",
  "pino-abstract-transport",
  "pino-std-serializers",
  "pretty-ms",
  "process-warning",
  "quick-format-unescaped",
  "real-require",
  "rolldown",
  "safe-stable-stringify",
  "shebang-command",
  "shebang-regex",
  "signal-exit",
  "smart-buffer",
  "socks",
  "sonic-boom",
  "split2",
  "strip-final-newline",
  "thread-stream",
  "undici",
  "unicorn-magic",
  "which",
  "yoctocolors",
];

test("a build on Linux unpacks these packages, as the lock file has them", () => {
  const platform = { os: "linux", cpu: "x64", libc: "glibc" };
  const selected = Object.entries(selectPackages(packageJson, lock, platform).lock.packages);
  const names = selected.map(([place]) => place.replace(/^.*node_modules\//u, ""));
  expect([...new Set(names.filter((name) => name !== ""))].toSorted()).toEqual(unpacked);
  for (const [place, { version, integrity }] of selected.filter(([place]) => place !== ""))
    expect(lock.packages[place]).toMatchObject({ version, integrity });
});
