// A request's path → what of Bitbucket it names. Spec, section 3.

export interface RepositoryPath {
  readonly workspace: string;
  /** The repository's slug, without .git; for a snippet, undefined. */
  readonly repository?: string | undefined;
  readonly part: "repository" | "wiki" | "lfs" | "snippet";
}
