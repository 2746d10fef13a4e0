// Every finder, one after the other. None of them asks a credential helper: those may prompt.
import type { RepositoryName } from "../../servers/repository-path.ts";
import type { Outside } from "../../outside.ts";
import type { Git } from "../../git/git.ts";
import { findUrls } from "./find-urls.ts";
import { findInKeyring } from "./keyring.ts";
import { findInManagerFiles } from "./manager-files.ts";
import { findInNetrc } from "./netrc-files.ts";
import type { Source } from "./place.ts";
import { openReader } from "../../files/read-text.ts";
import type { Shown } from "../../screen/home-path.ts";
import { findInStoreFiles } from "./store-files.ts";
import { markTracked } from "./tracked.ts";

export interface AllFindings {
  readonly sources: readonly Source[];
  /** Where one could not look, for people. */
  readonly notes: readonly string[];
  readonly repositories: readonly RepositoryName[];
}

export interface Scope {
  /** To look for repositories below; undefined for the current one only. */
  readonly folder: string | undefined;
  readonly hosts: ReadonlySet<string>;
  readonly shown: Shown;
  readonly onProgress: (folders: number, repositories: number) => void;
}

/** The keychains of these systems ask the person about each entry that another program has made. Not tested there. */
const unseenKeychains: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin:
    "entries of git's helper 'osxkeychain' are not looked for: open Keychain Access and search for bitbucket.org",
  win32:
    "entries of Windows' Credential Manager are not looked for: cmdkey /list:git:https://bitbucket.org",
};

/** Throws HelperError `git`, and `usage` for a folder that is not there. */
export async function findAll(
  { folder, hosts, shown, onProgress }: Scope,
  git: Git,
  outside: Outside,
): Promise<AllFindings> {
  const { env } = outside;
  const urls = await findUrls(folder, hosts, git, outside, shown, onProgress);
  const notes = [...urls.notes];
  const sources: Source[] = [];
  const read = openReader(shown, (text) => void notes.push(text));
  const look = async (finder: () => Promise<readonly Source[]>): Promise<void> => {
    try {
      sources.push(...(await finder()));
    } catch (error) {
      notes.push(noteOf(error, shown));
    }
  };
  // A repository that names a file would have a stranger's tokens taken for the person's.
  const own = urls.files.filter(({ isProtected }) => isProtected);
  await look(() => findInStoreFiles(own, env, shown, read));
  await look(() => findInNetrc(env, shown, read, (text) => void notes.push(text)));
  await look(() => findInManagerFiles(own, env, shown, read));
  const unseen = unseenKeychains[outside.platform];
  if (unseen !== undefined) notes.push(unseen);
  const keyring = await findInKeyring(env);
  sources.push(...keyring.sources);
  notes.push(...keyring.notes);
  const all = await markTracked([...sources, ...urls.sources], outside);
  return { sources: all, notes, repositories: urls.repositories };
}

function noteOf(error: unknown, shown: Shown): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) throw error;
  return `${shown(path)} cannot be read (${code})`;
}
