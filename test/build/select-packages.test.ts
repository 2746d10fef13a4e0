// Which packages of a lock file a build gets.
import { describe, expect, test } from "vitest";
import { buildPackages, selectPackages } from "../../build/select-packages.mjs";

type Lock = Parameters<typeof selectPackages>[1];
type Fields = Readonly<Record<string, unknown>>;

const own = Object.fromEntries(buildPackages.map((name) => [name, "^1.0.0"]));
const manifest = {
  name: "ours",
  version: "1.0.0",
  license: "MIT",
  engines: { node: ">=20" },
  dependencies: { keytar: "npm:@github/keytar@1.0.0" },
  devDependencies: { ...own, vitest: "^1.0.0" },
};
const linux = { os: "linux", cpu: "x64", libc: "glibc" };

const entry = (fields: Fields = {}) => ({ version: "1.0.0", integrity: "sha512-x", ...fields });

function lockWith(more: Readonly<Record<string, Fields>>): Lock {
  const names = [...buildPackages, "keytar", "vitest"];
  const usual = names.map((name) => [`node_modules/${name}`, entry({ dev: name !== "keytar" })]);
  return { lockfileVersion: 3, packages: { "": entry(), ...Object.fromEntries(usual), ...more } };
}

const placesIn = (more: Readonly<Record<string, Fields>>, platform = linux): readonly string[] =>
  Object.keys(selectPackages(manifest, lockWith(more), platform).lock.packages);

const usual = ["", ...[...buildPackages, "keytar"].map((name) => `node_modules/${name}`)];

test("what tests and checks need stays out, and nothing is a development package", () => {
  const { packageJson, lock } = selectPackages(manifest, lockWith({}), linux);
  expect(Object.keys(lock.packages).toSorted()).toEqual(usual.toSorted());
  expect(JSON.stringify(lock)).not.toContain('"dev');
  expect(packageJson).toMatchObject({
    private: true,
    dependencies: { ...own, keytar: "npm:@github/keytar@1.0.0" },
  });
});

test("a package is taken from where Node would find it for the package that names it", () => {
  const places = placesIn({
    "node_modules/execa": entry({ dependencies: { key: "1.0.0", deep: "1.0.0" } }),
    "node_modules/execa/node_modules/key": entry(),
    "node_modules/key": entry(),
    "node_modules/deep": entry({ dependencies: { key: "1.0.0" } }),
    "node_modules/@scope/other": entry(),
  });
  expect(places.filter((place) => !usual.includes(place))).toEqual([
    "node_modules/deep",
    "node_modules/execa/node_modules/key",
    "node_modules/key",
  ]);
});

test("packages that need each other, and what a package wants beside itself", () => {
  const places = placesIn({
    "node_modules/execa": entry({
      dependencies: { a: "1" },
      peerDependencies: { b: "1", c: "1" },
      peerDependenciesMeta: { c: { optional: true } },
    }),
    "node_modules/a": entry({ dependencies: { b: "1" } }),
    "node_modules/b": entry({ dependencies: { a: "1" } }),
  });
  expect(places.filter((place) => !usual.includes(place))).toEqual([
    "node_modules/a",
    "node_modules/b",
  ]);
});

describe("of the packages for one platform each, the one for this is taken", () => {
  const bindings: Readonly<Record<string, Fields>> = {
    gnu: { os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
    musl: { os: ["linux"], cpu: ["x64"], libc: ["musl"] },
    mac: { os: ["darwin"], cpu: ["arm64"] },
    wasm: { cpu: ["wasm32"], dependencies: { runtime: "1" } },
    unix: { os: ["!win32"] },
  };
  const names = Object.keys(bindings);
  const all = {
    "node_modules/rolldown": entry({
      optionalDependencies: Object.fromEntries(names.map((name) => [name, "1.0.0"])),
    }),
    "node_modules/runtime": entry(),
    ...Object.fromEntries(
      names.map((name) => [`node_modules/${name}`, entry({ optional: true, ...bindings[name] })]),
    ),
  };
  test.each([
    ["linux", "x64", "glibc", ["gnu", "unix"]],
    ["linux", "x64", "musl", ["musl", "unix"]],
    ["linux", "arm64", "glibc", ["unix"]],
    ["darwin", "arm64", undefined, ["mac", "unix"]],
    ["win32", "x64", undefined, []],
  ])("%s %s %s: %j", (os, cpu, libc, taken) => {
    const { packageJson, lock } = selectPackages(manifest, lockWith(all), { os, cpu, libc });
    const places = Object.keys(lock.packages).filter((place) => !usual.includes(place));
    expect(places).toEqual(taken.map((name) => `node_modules/${name}`));
    // Else npm would go on without one that is not what the lock file says.
    for (const name of taken) expect(packageJson).toHaveProperty(`dependencies.${name}`, "1.0.0");
    expect(JSON.stringify(lock)).not.toContain('"optional":');
  });
});

test.each<readonly [string, Readonly<Record<string, Fields>>]>([
  ["node_modules/execa has no integrity", { "node_modules/execa": { version: "1.0.0" } }],
  [
    "package-lock.json lacks missing",
    { "node_modules/execa": entry({ dependencies: { missing: "1" } }) },
  ],
])("%s", (message, more) => {
  expect(() => placesIn(more)).toThrow(message);
});
