// The Debian package, made from a clone and installed by dpkg into a root of its own, which knows of no other package. The
// user that runs the tests is root in there.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunResult, Sandbox } from "../support/sandbox.ts";

/** @param clone as makeClone() makes it. @param folder in the sandbox's work. @returns the package's file. */
export async function makePackage(
  sandbox: Sandbox,
  clone: string,
  folder: string,
): Promise<string> {
  const args = ["run", "--silent", "package:deb", "--", join(sandbox.work, folder)];
  const env = {
    SOURCE_DATE_EPOCH: "1790000000",
    npm_config_cache: join(sandbox.work, "cache"),
  };
  return expectDone(await sandbox.run("npm", args, { env, cwd: clone })).stdout.trim();
}

export interface SystemRoot {
  readonly folder: string;
  readonly dpkg: (...args: readonly string[]) => Promise<RunResult>;
}

export async function makeRoot(sandbox: Sandbox): Promise<SystemRoot> {
  const root = join(sandbox.work, "root");
  for (const folder of ["info", "updates", "triggers"])
    await mkdir(join(root, "var/lib/dpkg", folder), { recursive: true });
  await writeFile(join(root, "var/lib/dpkg/status"), "");
  const env = { PATH: `${sandbox.env["PATH"]}:/usr/sbin:/sbin`, DEBIAN_FRONTEND: "noninteractive" };
  return {
    folder: root,
    dpkg: async (...args) => {
      // What it depends on is on this machine, not in that root; and so is what its scripts run.
      const words = [
        "--map-root-user",
        "dpkg",
        `--root=${root}`,
        "--force-depends",
        "--force-script-chrootless",
        ...args,
      ];
      return expectDone(await sandbox.run("unshare", words, { env }));
    },
  };
}

function expectDone(result: RunResult): RunResult {
  if (result.exitCode === 0) return result;
  throw new Error(`it ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`);
}
