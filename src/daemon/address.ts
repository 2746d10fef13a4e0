// Where the socket is, and whether that place is ours alone. The front (install/git-credential-bitbucket) finds the same.
import { lstatSync, type Stats } from "node:fs";
import { join } from "node:path";
import { HelperError } from "../errors.ts";
import type { Environment } from "../outside.ts";
import { shellWord } from "../screen/shell-word.ts";
import { directories, meetingDirectory } from "../files/directories.ts";
import { checkPrivate, makePrivateDirectory } from "../files/files.ts";

/** sun_path on macOS less its NUL; Node 20 cuts longer paths off silently and binds another file. */
export const longestSocketBytes = 103;

export interface Address {
  readonly directory: string;
  readonly socket: string;
  /** Held while a socket is taken over or left. */
  readonly lock: string;
  /** Names the process behind the socket, so that one that is stopped can be ended. */
  readonly owner: string;
  /** Made by who starts a daemon, so that fifty who need one start one. */
  readonly starting: string;
}

/**
 * Throws HelperError `system` when there is no home or the path is too long for a socket.
 */
export function findAddress(env: Environment, platform: NodeJS.Platform): Address {
  return addressIn(meetingDirectory(env, platform));
}

/**
 * @returns every place where a daemon for these accounts may be, also one of another session, or from before there was a
 * runtime folder. Those that are not there or not ours alone are left out: no daemon stays in them.
 */
export async function findEveryAddress(
  env: Environment,
  platform: NodeJS.Platform,
): Promise<readonly Address[]> {
  const { runtime, cache } = directories(env, platform);
  const found: Address[] = [];
  for (const folder of runtime === undefined ? [cache] : [runtime, cache]) {
    try {
      const address = addressIn(folder);
      if (await checkAddress(address)) found.push(address);
    } catch (error) {
      if (!(error instanceof HelperError)) throw error;
    }
  }
  return found;
}

function addressIn(directory: string): Address {
  const socket = join(directory, "socket");
  if (Buffer.byteLength(socket) > longestSocketBytes) {
    throw new HelperError("system", `the path of the daemon's socket is too long: ${socket}`, {
      hint: "export XDG_RUNTIME_DIR=/run/user/$(id -u)",
    });
  }
  return {
    directory,
    socket,
    lock: join(directory, "lock"),
    owner: join(directory, "owner"),
    starting: join(directory, "starting"),
  };
}

/** Makes the folder 0700 when it is missing. Throws HelperError `system` when it is not ours alone. */
export async function prepareAddress(address: Address): Promise<void> {
  await makePrivateDirectory(address.directory);
  await checkAddress(address);
}

/**
 * @returns whether the folder is there.
 * Throws HelperError `system` when it is not ours alone, or the socket in it is another user's: secrets go through it.
 */
export async function checkAddress(address: Address): Promise<boolean> {
  const isThere = await checkPrivate(address.directory);
  const socket = lstatIfThere(address.socket);
  if (socket !== undefined && socket.uid !== process.geteuid?.()) {
    throw new HelperError("system", `${address.socket} belongs to another user`, {
      hint: `ls -l ${shellWord(address.socket)}`,
    });
  }
  return isThere;
}

/** Like checkAddress, for the daemon's own looks between two questions. */
export function isAddressPrivate(address: Address): boolean {
  const found = lstatIfThere(address.directory);
  if (found === undefined || !found.isDirectory()) return false;
  return found.uid === process.geteuid?.() && (found.mode & 0o077) === 0;
}

/** Tells one socket under a path from the next, as long as the first is in use. */
export function inodeOf(path: string): string | undefined {
  const found = lstatIfThere(path);
  return found === undefined ? undefined : `${found.dev}:${found.ino}`;
}

/** Tells a program's file from the one that replaced it. */
export function identityOf(path: string): string | undefined {
  const found = lstatIfThere(path);
  return found === undefined
    ? undefined
    : `${found.dev}:${found.ino}:${found.mtimeMs}:${found.size}`;
}

function lstatIfThere(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
