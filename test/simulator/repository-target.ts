// A path of bitbucket.org → the repository and what is asked of it. docs/bitbucket.md, "Paths".

export interface RepositoryTarget {
  readonly workspace: string;
  readonly repository: string;
  readonly part: "repository" | "wiki" | "lfs" | "snippet";
  /** What stands behind: `/info/refs`, `/git-upload-pack`, `/objects/batch`. */
  readonly rest: string;
}

const slug = "[A-Za-z0-9][A-Za-z0-9._-]*?";
const service = "/(?:info/refs|HEAD|objects/.*|git-upload-pack|git-receive-pack)";
const shapes = [
  ["snippet", new RegExp(`^/snippets/(${slug})/(${slug})(?:\\.git)?(${service})$`, "u")],
  ["lfs", new RegExp(`^/(${slug})/(${slug})(?:\\.git)?/info/lfs(/.*)$`, "u")],
  ["wiki", new RegExp(`^/(${slug})/(${slug})(?:\\.git)?/wiki(?:\\.git)?(${service})$`, "u")],
  ["repository", new RegExp(`^/(${slug})/(${slug})(?:\\.git)?(${service})$`, "u")],
] as const;

/** @param path of the URL, without query; undefined when it is nothing that git or git-lfs asks for. */
export function findTarget(path: string): RepositoryTarget | undefined {
  for (const [part, shape] of shapes) {
    const [, workspace, repository, rest] = shape.exec(path) ?? [];
    if (workspace !== undefined && repository !== undefined && rest !== undefined)
      return { workspace, repository, part, rest };
  }
  return undefined;
}
