// What a path names on a server.

/** A repository by its two slugs. */
export interface RepositoryName {
  readonly workspace: string;
  readonly repository: string;
}

/** Names are folded. */
export interface RepositoryPath {
  readonly workspace: string;
  /** The repository's slug, without .git; for a snippet, undefined. */
  readonly repository?: string | undefined;
  readonly part: "repository" | "wiki" | "lfs" | "snippet";
}

/** Compares slugs, project keys and user names: ASCII letters fold, nothing else. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}
