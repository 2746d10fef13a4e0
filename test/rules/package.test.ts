// What a package of this program is: its version, its lock file, and one lazy chunk for each dependency.
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { projectRoot, programScript } from "../support/project.ts";

interface PackageJson {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly files: readonly string[];
}

interface LockFile {
  readonly version: string;
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(projectRoot + path, "utf8"));
}

const bundled = ["age-encryption", "execa", "pino", "undici"];
const packageJson = readJson("package.json") as PackageJson;
const lock = readJson("package-lock.json") as LockFile;

test("package.json, the lock file and the newest entry of CHANGELOG.md tell the same version", () => {
  const changes = readFileSync(`${projectRoot}CHANGELOG.md`, "utf8");
  expect(/^## (\S+)/mu.exec(changes)?.[1]).toBe(packageJson.version);
  expect(lock.version).toBe(packageJson.version);
});

// npm leaves out the platforms that it did not install for, and npm 11 then refuses a clean installation.
test("the lock file names every optional package", () => {
  const optional = Object.entries(lock.packages).flatMap(([host, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).flatMap((name) => {
      const places = [`${host}/node_modules/${name}`, `node_modules/${name}`];
      return places.some((place) => place in lock.packages) ? [] : [name];
    }),
  );
  expect(optional).toEqual([]);
});

test("every check has its script and is run by the test command", () => {
  const run = readFileSync(`${projectRoot}test/run.sh`, "utf8");
  const checks = Object.keys(packageJson.scripts).flatMap((name) => {
    const [, check] = /^check:(.+)$/u.exec(name) ?? [];
    return check === undefined ? [] : [check];
  });
  expect(/^for check in (.+); do$/mu.exec(run)?.[1]?.split(" ").toSorted()).toEqual(
    checks.toSorted(),
  );
  for (const check of checks)
    expect(packageJson.scripts["check"]).toContain(`npm run check:${check}`);
});

test("each package is in a chunk of its own, which the program does not load by itself", async () => {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ["src/main.ts"],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    external: ["keytar"],
    outdir: "dist",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  const homes = new Map<string, Set<string>>();
  for (const [chunk, { inputs }] of Object.entries(metafile.outputs)) {
    for (const input of Object.keys(inputs)) {
      const [, name] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(input) ?? [];
      if (name !== undefined) homes.set(name, (homes.get(name) ?? new Set()).add(chunk));
    }
  }
  const chunks = bundled.map((name) => [...(homes.get(name) ?? [])]);
  expect(chunks.map((found) => found.length)).toEqual(bundled.map(() => 1));
  expect(new Set(chunks.flat()).size).toBe(bundled.length);
  const loaded = new Set(["dist/main.js"]);
  for (const chunk of loaded) {
    for (const { path, kind } of metafile.outputs[chunk]?.imports ?? []) {
      if (kind === "import-statement") loaded.add(path);
    }
  }
  expect([...loaded].filter((chunk) => chunks.flat().includes(chunk))).toEqual([]);
});

test("the licences of what is bundled are beside it", () => {
  const licences = readFileSync(`${projectRoot}dist/THIRD-PARTY-LICENSES.txt`, "utf8");
  for (const name of bundled) expect(licences).toContain(`\n${name} `);
  expect(licences).toContain("Permission is hereby granted");
  expect(readFileSync(programScript, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/u);
});
