// What lies around on a person's machine before migrate: other helpers' files and keyring entries as they write them.
import { createHash } from "node:crypto";
import { lstat, mkdir, readdir, readFile, readlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findItems } from "../../../src/secrets/stores/secret-items.ts";
import type { RunOptions, RunResult } from "../../support/sandbox.ts";

type Env = Readonly<Record<string, string>>;

/** A sandbox or a world. */
interface Machine {
  readonly home: string;
  readonly work: string;
  run(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

/** Writes a file, 0600 unless told, with the folders above it. @returns its path. */
export async function put(path: string, text: string | Uint8Array, mode = 0o600): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode });
  return path;
}

/** A repository with these URLs by their keys. @returns its folder. */
export async function putRepository(
  machine: Machine,
  path: string,
  settings: Readonly<Record<string, string>>,
  ...init: string[]
): Promise<string> {
  await git(machine, ["init", "--quiet", ...init, path]);
  for (const [key, value] of Object.entries(settings))
    await git(machine, ["-C", path, "config", "--add", key, value]);
  return path;
}

/** Runs git and throws when it fails. */
export async function git(machine: Machine, args: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await machine.run("git", args);
  if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** As git's contrib/credential/libsecret stores it. @param text the password, and lines of attributes. */
export async function putGitSecret(
  machine: Machine,
  env: Env,
  text: string,
  { schema = "org.git.Password", user = "alice", server = "bitbucket.org" } = {},
): Promise<void> {
  const attributes = { protocol: "https", server, user, "xdg:schema": schema };
  await putSecret(machine, env, `Git: https://${server}/`, text, attributes);
}

/** As Git Credential Manager stores it on Linux. */
export async function putManagerSecret(
  machine: Machine,
  env: Env,
  secret: string,
  service = "git:https://bitbucket.org",
): Promise<void> {
  const attributes = {
    service,
    account: "alice",
    "xdg:schema": "com.microsoft.GitCredentialManager",
  };
  await putSecret(machine, env, service, secret, attributes);
}

export async function putSecret(
  machine: Machine,
  env: Env,
  label: string,
  input: string,
  attributes: Readonly<Record<string, string>>,
): Promise<void> {
  const args = ["store", `--label=${label}`, ...Object.entries(attributes).flat()];
  const { exitCode, stderr } = await machine.run("secret-tool", args, { env, input });
  if (exitCode !== 0) throw new Error(stderr);
}

/** Every secret in the keyring that is not ours, as `label: secret`. */
export async function keyringSecrets(env: Env): Promise<readonly string[]> {
  const schemas = [
    "org.git.Password",
    "org.gnome.keyring.NetworkPassword",
    "com.microsoft.GitCredentialManager",
    "org.example.Other",
  ];
  const { items } = await findItems(
    env,
    schemas.map((schema) => ({ "xdg:schema": schema })),
  );
  return items.map(({ label, secret }) => `${label}: ${secret.reveal()}`).toSorted();
}

/** Everything below the folders: paths, kinds, modes, owners, times of change, bytes, targets of links. */
export async function snapshot(...folders: string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      const { mode, uid, gid, mtimeMs, ino } = await lstat(path);
      const content = entry.isFile()
        ? createHash("sha256")
            .update(await readFile(path))
            .digest("hex")
        : entry.isSymbolicLink()
          ? await readlink(path)
          : "";
      lines.push([path, mode.toString(8), uid, gid, mtimeMs, ino, content].join(" "));
    }
  }
  return lines.toSorted();
}

/** @returns the files below the folders in which one of the texts stands as it is. */
export async function filesWith(
  texts: readonly string[],
  ...folders: string[]
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const content = await readFile(path, "latin1");
      if (texts.some((text) => content.includes(text))) found.push(path);
    }
  }
  return found.toSorted();
}
