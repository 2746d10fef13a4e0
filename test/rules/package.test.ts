// What a package of this program is: its version, its metadata, and one lazy chunk for each dependency.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dir } from "tmp-promise";
import { expect, test } from "vitest";
import { bundledPackages, packagesIn } from "../support/packages.ts";
import { projectRoot, programScript } from "../support/project.ts";

interface PackageJson {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(projectRoot + path, "utf8"));
}

const bundled = Object.keys(bundledPackages);
const packageJson = readJson("package.json") as PackageJson;
const lock = readJson("package-lock.json") as { readonly version: string };

test("package.json, the lock file and the newest release of CHANGELOG.md tell the same version", () => {
  const changes = readFileSync(`${projectRoot}CHANGELOG.md`, "utf8");
  expect(/^## (?!Unreleased)(\S+)/mu.exec(changes)?.[1]).toBe(packageJson.version);
  expect(lock.version).toBe(packageJson.version);
});

// Whoever installs the program by npm has no lock file of ours.
test("a package of the program brings one dependency, in one version, and runs nothing when it is installed", () => {
  expect(packageJson.dependencies).toEqual({
    keytar: expect.stringMatching(/^npm:@github\/keytar@\d+\.\d+\.\d+$/u) as string,
  });
  const hooks = Object.keys(packageJson.scripts).filter((name) =>
    /^(?:(?:pre|post)?install|(?:pre|post)?prepare|prepublish|(?:pre|post)?uninstall)$/u.test(name),
  );
  expect(hooks).toEqual([]);
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
  // `npm run check` runs that of the format beside the others.
  const all = readFileSync(`${projectRoot}test/checks/all.sh`, "utf8");
  const others = /^for check in (.+); do$/mu.exec(all)?.[1]?.split(" ") ?? [];
  expect(all).toContain("npm run --silent check:format &\n");
  expect(["format", ...others].toSorted()).toEqual(checks.toSorted());
});

test("each package is in a file of its own, and none in what git waits for", async () => {
  const { path: folder, cleanup } = await dir({ unsafeCleanup: true });
  try {
    execFileSync(process.execPath, ["build/program.mjs", "--outdir", folder], { cwd: projectRoot });
    const files = readdirSync(folder).filter((name) => name.endsWith(".js"));
    const homes = await Promise.all(
      files.map(async (file) => ({ file, packages: await packagesIn(join(folder, file)) })),
    );
    const filled = homes.filter(({ packages }) => packages.length > 0);
    expect(filled).toHaveLength(bundled.length);
    expect(new Set(filled.flatMap(({ packages }) => packages))).toEqual(new Set(bundled));
    for (const { file } of filled) expect(file).not.toMatch(/^(?:main|git-operation)\b/u);
  } finally {
    await cleanup();
  }
});

test("the licences of what is bundled are beside it", () => {
  const licences = readFileSync(`${projectRoot}dist/THIRD-PARTY-LICENSES.txt`, "utf8");
  for (const name of [...bundled, "rolldown"]) expect(licences).toContain(`\n${name} `);
  expect(licences).toContain("Permission is hereby granted");
  expect(readFileSync(programScript, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/u);
});
