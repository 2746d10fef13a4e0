// What migrate looks for: logins for Bitbucket that lie where they should not, each in a place of a source. A secret is a
// Place first, then a PlanItem with all its places and what becomes of it (decide.ts), then a Step in each place (steps.ts).
import type { Secret } from "../../secret.ts";

export type GroupName = "git-store" | "netrc" | "libsecret" | "manager" | "urls";

/** For the question that is asked for each, in this order: URLs last, because their new form depends on the accounts there are then. */
export const groupTitles: Readonly<Record<GroupName, string>> = {
  "git-store": "files of git's helper 'store'",
  netrc: "netrc, which curl and others read too",
  libsecret: "the keyring of git's helper 'libsecret'",
  manager: "Git Credential Manager",
  urls: "URLs in git's configuration",
};

export const groupNames = Object.keys(groupTitles) as readonly GroupName[];

/** What stands in a place. */
export interface Login {
  /** As accounts have it. */
  readonly host: string;
  readonly path?: string | undefined;
  readonly username?: string | undefined;
  /** Undefined for a URL with nothing but a username. */
  readonly secret?: Secret | undefined;
  /** ISO 8601. */
  readonly expires?: string | undefined;
}

export interface Place extends Login {
  /** What of the source it is, for people: `line 3`, `remote.origin.url`; empty for all of it. */
  readonly at: string;
  /** True where git itself puts what .gitmodules says: the login may be that of whoever wrote the repository. */
  readonly isCopied?: boolean | undefined;
}

/** What happened to a source. Paths are absolute. */
export interface Taken {
  /** A clause for each place, such as `remote.origin.url is now https://bitbucket.org/acme/api.git`. */
  readonly done: readonly string[];
  readonly backup?: string | undefined;
}

/** A file or a keyring. */
export interface Source<P extends Place = Place> {
  readonly group: GroupName;
  /** For people; a path as it is shown, with ~ for the home. */
  readonly title: string;
  /** Absolute; undefined for what is no file. */
  readonly path?: string | undefined;
  /** True for a file that a repository has under version control: whoever can read the repository has its secrets. */
  readonly isTracked?: boolean | undefined;
  /** True for a repository's own configuration, which may have been unpacked with it. */
  readonly isOfRepository?: boolean | undefined;
  /** True where what is taken away leaves a backup; a keyring has none. */
  readonly hasBackups: boolean;
  readonly places: readonly P[];
  /**
   * Takes some of its places away, all in one step; everything else stays byte for byte.
   * @param rewrite says what stands in a URL's place.
   * Throws HelperError `system`, `git` or `store-unavailable`: then nothing is changed.
   */
  readonly take: (places: readonly Place[], rewrite: (place: Place) => string) => Promise<Taken>;
}

/** A finder's result: its sources, and what a person should know of where it could not look. */
export interface Findings {
  readonly sources: readonly Source[];
  readonly notes: readonly string[];
}
