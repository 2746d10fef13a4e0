// Whose folders and files these are. Root with a person's HOME (`sudo -E`, `su -p`) would leave root's files in it, which
// the person cannot read any more: so nothing is made in another user's folder, and a file of ours that belongs to another
// user is neither read nor replaced. Windows has no such owners.
import { accessSync, constants, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { HelperError } from "../errors.ts";
import { shellWord } from "../screen/shell-word.ts";

/** Everybody may write, and nobody but its owner can take away what another made: /tmp. */
const sharedMode = 0o1002;

/**
 * Of a path that is about to be made or written, the nearest folder that exists counts. Anybody but root may write into
 * root's folders and shared ones as far as these let them: what they make there is theirs.
 * Throws HelperError `system` when that folder is another user's.
 */
export function requireOwnPlace(path: string): void {
  const euid = process.geteuid?.();
  if (euid === undefined) return;
  const { path: nearest, found } = nearestVisible(path);
  if (found === undefined || found.uid === euid) return;
  const isPublic = found.uid === 0 || (found.mode & sharedMode) === sharedMode;
  if (euid !== 0 && isPublic) return;
  throw foreign(nearest, found.uid, euid);
}

/** Whether a folder is there, or the nearest above it that is lets this user make it. */
export function canBeMade(path: string): boolean {
  const nearest = nearestVisible(path);
  if (nearest.path === path) return true;
  try {
    accessSync(nearest.path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param found what is known of a file of ours. Throws HelperError `system` when it belongs to another user. */
export function requireOwner(path: string, { uid }: Pick<Stats, "uid">): void {
  const euid = process.geteuid?.();
  if (euid !== undefined && uid !== euid) throw foreign(path, uid, euid);
}

/** For a file that is about to be changed: it, if it exists, and its folder. Throws HelperError `system`. */
export function requireOwnFile(path: string): void {
  requireOwnPlace(dirname(path));
  const found = look(path);
  if (found !== undefined) requireOwner(path, found);
}

/**
 * @param path that the system keeps us out of.
 * @returns the error that names its owner, when it is another user or lies in another user's folder.
 */
export function foreignOwner(path: string): HelperError | undefined {
  const euid = process.geteuid?.();
  if (euid === undefined) return undefined;
  const { path: nearest, found } = nearestVisible(path);
  if (found === undefined || found.uid === euid) return undefined;
  return foreign(nearest, found.uid, euid);
}

interface Nearest {
  readonly path: string;
  /** Undefined where not even / can be looked at. */
  readonly found: Stats | undefined;
}

/** The deepest that can be looked at: what does not exist cannot, nor what is in a folder that keeps us out. */
function nearestVisible(path: string): Nearest {
  for (let nearest = path; ; nearest = dirname(nearest)) {
    const found = look(nearest);
    if (found !== undefined || nearest === dirname(nearest)) return { path: nearest, found };
  }
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Root has another person's HOME and wants its own; a person has in theirs what root once left there. */
function foreign(path: string, uid: number, euid: number): HelperError {
  const lost = euid === 0 ? undefined : outermostInOwn(path, euid);
  const hint =
    euid === 0
      ? "sudo -H git credential-bitbucket status"
      : lost === undefined
        ? hintAt(path)
        : `sudo chown -R "$(id -un)" ${shellWord(lost)}`;
  return new HelperError("system", `${lost ?? path} belongs to another user (uid ${uid})`, {
    hint,
  });
}

/** Whoever has no home but the root of everything, as in a container, can only be given a token. */
function hintAt(path: string): string {
  return path === "/" ? "export BITBUCKET_TOKEN=your-token" : `ls -ld ${shellWord(path)}`;
}

/** @returns the nearest at or above the path that lies in a folder of this user's; undefined when nothing does. */
function outermostInOwn(path: string, euid: number): string | undefined {
  for (let top = path; top !== dirname(top); top = dirname(top))
    if (look(dirname(top))?.uid === euid) return top;
  return undefined;
}
