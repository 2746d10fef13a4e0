// A clone of this project in a sandbox, and what the install scripts make of a home.
import { createHash } from "node:crypto";
import { cp, lstat, readdir, readFile, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../support/project.ts";
import type { RunOptions, RunResult, Sandbox } from "../support/sandbox.ts";

const parts = [
  "build",
  "packaging",
  "src",
  "install",
  "man",
  "package.json",
  "package-lock.json",
  "CHANGELOG.md",
  "LICENSE",
  "README.md",
  ".npmrc",
];

/** What npm needs to reach its registry, which differs from machine to machine. */
export const npmEnvironment: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(?:npm_config_.*|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|https?_proxy|no_proxy)$/iu.test(name),
  ),
);

/** @param modules false: as after `git clone`, with no npm package. @returns the clone's folder. */
export async function makeClone(sandbox: Sandbox, modules = true): Promise<string> {
  const clone = join(sandbox.work, "clone");
  for (const part of parts) {
    await cp(join(projectRoot, part), join(clone, part), {
      recursive: true,
      preserveTimestamps: true,
    });
  }
  if (modules) await symlink(join(projectRoot, "node_modules"), join(clone, "node_modules"));
  return clone;
}

/** A proxy that nobody is behind: install.sh ends with a doctor, who would ask the real Bitbucket. */
export const deadProxy = "http://127.0.0.1:9";

/** Runs a script of the clone's install folder. npm writes its logs beside the clone, not into the home. */
export async function runScript(
  sandbox: Sandbox,
  script: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  return await sandbox.run(join(sandbox.work, "clone", "install", script), args, {
    ...options,
    env: {
      npm_config_cache: join(sandbox.work, "npm"),
      https_proxy: deadProxy,
      ...options.env,
    },
  });
}

/** @returns every file, folder and link below a folder with its mode and content, one a line. */
export async function readTree(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return await Promise.all(
    names.toSorted().map(async (name) => {
      const path = join(folder, name);
      const found = await lstat(path);
      const mode = (found.mode & 0o7777).toString(8);
      if (found.isSymbolicLink()) return `${name} -> ${await readlink(path)}`;
      if (found.isDirectory()) return `${name}/ ${mode}`;
      return `${name} ${mode} ${createHash("sha256")
        .update(await readFile(path))
        .digest("hex")}`;
    }),
  );
}
