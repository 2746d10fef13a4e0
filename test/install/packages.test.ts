// What install.sh gets from the registry: the packages that the build needs, each as the lock file names it, and nothing
// else; with real npm, from a fresh clone.
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dir, type DirectoryResult } from "tmp-promise";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { selectPackages, type Entries } from "../../build/select-packages.mjs";
import { projectRoot } from "../support/project.ts";
import { openSandbox, type RunOptions, type RunResult, type Sandbox } from "../support/sandbox.ts";
import { deadProxy, makeClone, npmEnvironment, readTree, runScript } from "./clone.ts";

/** What npm got is kept for the next test. */
let cache: DirectoryResult;
let sandbox: Sandbox;
let clone: string;
let unpacked: string;

beforeAll(async () => {
  cache = await dir({ unsafeCleanup: true });
});
afterAll(async () => await cache.cleanup());

beforeEach(async () => {
  sandbox = await openSandbox();
  clone = await makeClone(sandbox, false);
  unpacked = join(sandbox.work, "unpacked");
  await watchNpm();
});
afterEach(async () => await sandbox.close());

/** An npm that is the real one, and afterwards writes down which packages lie where it was run. */
async function watchNpm(): Promise<void> {
  const bin = join(sandbox.work, "bin");
  const real = (await sandbox.run("sh", ["-c", "command -v npm"])).stdout.trim();
  await mkdir(bin);
  await writeFile(
    join(bin, "npm"),
    `#!/bin/sh\n'${real}' "$@"; code=$?\nfind node_modules -name package.json >'${unpacked}'\nexit $code\n`,
  );
  await chmod(join(bin, "npm"), 0o755);
}

async function install(env: RunOptions["env"] = {}): Promise<RunResult> {
  return await runScript(sandbox, "install.sh", ["--no-configure"], {
    env: {
      https_proxy: undefined,
      ...npmEnvironment,
      PATH: `${join(sandbox.work, "bin")}:${sandbox.env["PATH"]}`,
      npm_config_cache: cache.path,
      ...env,
    },
  });
}

/** The packages that npm unpacked, by their place. */
async function unpackedPlaces(): Promise<readonly string[]> {
  const paths = (await readFile(unpacked, "utf8")).split("\n");
  const places = paths.flatMap((path) => {
    const [, place = ""] =
      /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\/package\.json$/u.exec(path) ?? [];
    return place === "" ? [] : place;
  });
  return places.toSorted();
}

/** What the build needs here. */
async function neededPackages(): Promise<Entries> {
  const [packageJson, lock] = await Promise.all(
    ["package.json", "package-lock.json"].map(
      async (name) => JSON.parse(await readFile(join(clone, name), "utf8")) as never,
    ),
  );
  if (packageJson === undefined || lock === undefined) throw new Error("the clone is not whole");
  const { platform: os, arch: cpu } = process;
  const { "": _root, ...needed } = selectPackages(packageJson, lock, { os, cpu, libc: "glibc" })
    .lock.packages;
  return needed;
}

const filesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => /\.(?:js|txt|json)$/u.test(name)).toSorted();

test("the packages of the build are told and unpacked, and no others; the next time they are there", async () => {
  const before = await readTree(clone);
  // As on a server, where npm leaves out what package.json has for development.
  const result = await install({ NODE_ENV: "production", npm_config_omit: "optional" });
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  const needed = await neededPackages();
  expect(await unpackedPlaces()).toEqual(Object.keys(needed).toSorted());
  expect(await readTree(clone)).toEqual(before);

  const [, count, told = ""] =
    /^installing (\d+) npm packages for the build.*:\n((?: {2}.+\n)+)/mu.exec(result.stdout) ?? [];
  expect(Number(count)).toBe(Object.keys(needed).length);
  expect(told.trim().split(/\s+/u)).toEqual(
    Object.entries(needed).map(
      ([place, { name = place.replace(/^.*node_modules\//u, ""), version }]) =>
        `${name}@${version}`,
    ),
  );
  expect(told).not.toMatch(/ (?:vitest|typescript|oxlint|prettier|fast-check|esbuild)@/u);

  // It is the program that `npm run build` makes.
  const lib = join(sandbox.home, ".local/lib/git-credential-bitbucket");
  const version = (await readdir(lib)).find((name) => name.startsWith("version."));
  expect(await filesIn(join(lib, version ?? "", "dist"))).toEqual(
    await filesIn(`${projectRoot}dist`),
  );

  await rm(unpacked);
  const again = await install({ https_proxy: deadProxy, npm_config_fetch_retries: "0" });
  expect(again).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await unpackedPlaces()).toEqual(Object.keys(needed).toSorted());
}, 240_000);

test("what npm remembers of a package is not the last word", async () => {
  const npm = join(sandbox.work, "bin/npm");
  const text = await readFile(npm, "utf8");
  // As npm says it when the list of versions that it has is from before this one.
  const old = `case " $* " in *" --prefer-offline "*) echo 'npm error code ETARGET' >&2; exit 1 ;; esac\n`;
  await writeFile(npm, text.replace("\n", `\n${old}`));
  expect(await install()).toMatchObject({ exitCode: 0, stderr: "" });
}, 240_000);

// One that the build imports, one that another brings, and one that is for this platform only: npm by itself leaves such a
// one out, and goes on.
test.each(["undici", "figures", `@rolldown/binding-linux-${process.arch}-gnu`])(
  "%s that is not what the lock file says ends it, and nothing is left",
  async (name) => {
    const path = join(clone, "package-lock.json");
    const lock = await readFile(path, "utf8");
    const place = `"node_modules/${name}": {`;
    const start = lock.indexOf("sha512-", lock.indexOf(place)) + 20;
    const other = lock[start] === "A" ? "B" : "A";
    await writeFile(path, lock.slice(0, start) + other + lock.slice(start + 1));
    const before = [await readTree(sandbox.home), await readTree(clone)];
    const result = await install();
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("EINTEGRITY");
    expect(result.stderr).toMatch(
      /^install\.sh: error: a package is not the one that package-lock\.json names, so nothing was installed\ninstall\.sh: hint: .+\n$/mu,
    );
    expect([await readTree(sandbox.home), await readTree(clone)]).toEqual(before);
  },
  240_000,
);

test("a lock file without the integrity of a package ends it before anything is got", async () => {
  const path = join(clone, "package-lock.json");
  const lock = JSON.parse(await readFile(path, "utf8")) as { packages: Record<string, object> };
  lock.packages["node_modules/execa"] = { version: "9.6.1" };
  await writeFile(path, JSON.stringify(lock));
  const result = await install();
  expect(result).toMatchObject({ exitCode: 1, stdout: "" });
  expect(result.stderr).toMatch(
    /^node_modules\/execa has no integrity\ninstall\.sh: error: package-lock\.json is not as it should be\ninstall\.sh: hint: .+\n$/u,
  );
  expect(await readTree(sandbox.home)).toEqual([]);
});

test("no script of a package is run", async () => {
  const shell = join(sandbox.work, "shell");
  const ran = join(sandbox.work, "ran");
  await writeFile(shell, `#!/bin/sh\necho "$*" >>'${ran}'\n`);
  await chmod(shell, 0o755);
  const env = { npm_config_script_shell: shell, npm_config_ignore_scripts: "false" };
  expect(await install(env)).toMatchObject({ exitCode: 0, stderr: "" });
  await expect(readFile(ran)).rejects.toThrow("ENOENT");
  // This is how it is noticed.
  const bare = { ...npmEnvironment, ...env, npm_config_cache: cache.path };
  await sandbox.run("npm", ["ci", "--omit=dev"], { cwd: clone, env: bare });
  expect(await readFile(ran, "utf8")).toContain("install.js");
}, 240_000);

test("other packages than those of the lock file end it", async () => {
  const result = await install({ npm_config_dry_run: "true" });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain(
    "install.sh: error: npm did not install just the packages that package-lock.json names\n",
  );
  expect(await readTree(sandbox.home)).toEqual([]);
}, 240_000);

test("packages that are there serve, when they are those of the lock file, and are only read", async () => {
  await symlink(join(projectRoot, "node_modules"), join(clone, "node_modules"));
  const result = await install({ https_proxy: deadProxy });
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  expect(result.stdout).not.toContain("npm packages");
  await expect(readFile(unpacked)).rejects.toThrow("ENOENT");
});

test("packages that are there and are others stay as they are, and out of the build", async () => {
  const modules = join(clone, "node_modules");
  await mkdir(join(modules, "undici"), { recursive: true });
  await writeFile(join(modules, "undici/package.json"), '{ "name": "undici", "version": "0.0.1" }');
  const hidden = JSON.parse(
    await readFile(`${projectRoot}node_modules/.package-lock.json`, "utf8"),
  ) as { packages: Record<string, object> };
  hidden.packages["node_modules/undici"] = { version: "0.0.1", integrity: "sha512-other" };
  await writeFile(join(modules, ".package-lock.json"), JSON.stringify(hidden));
  const before = await readTree(clone);
  expect(await install()).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await unpackedPlaces()).toContain("node_modules/undici");
  expect(await readTree(clone)).toEqual(before);
}, 240_000);
