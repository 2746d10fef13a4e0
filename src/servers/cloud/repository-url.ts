// A request's path → what of Bitbucket it names. docs/design.md, "Accounts and their choice".

import { foldAscii, type RepositoryPath } from "../repository-path.ts";

/**
 * Understands `workspace/repository` (with or without .git), its wiki, its LFS below `info/lfs`, and
 * `snippets/workspace/id`. Slugs come back ASCII-folded: Bitbucket's are lower case.
 * @returns undefined for anything else: empty, `.` and `..` segments, percent, backslash, `?`, `#`, control characters.
 */
export function parseRepositoryPath(path: string): RepositoryPath | undefined {
  const segments = foldAscii(path).split("/");
  if (!segments.every(isPlainSegment)) return undefined;
  const [first = "", second = "", ...rest] = segments;
  // No workspace can be called snippets: Bitbucket keeps the word for itself.
  if (first === "snippets") return parseSnippet(second, rest);
  const repository = withoutGit(second);
  const part = partOf(rest);
  if (repository === "" || part === undefined) return undefined;
  return { workspace: first, repository, part };
}

function parseSnippet(workspace: string, rest: readonly string[]): RepositoryPath | undefined {
  const [id = ""] = rest;
  if (rest.length !== 1 || withoutGit(id) === "") return undefined;
  return { workspace, part: "snippet" };
}

// What Bitbucket's slugs consist of, or a UUID in braces, which it takes in their place.
function isPlainSegment(segment: string): boolean {
  return /^(?!\.+$)[\w.-]+$|^\{[0-9a-f-]{36}\}$/u.test(segment);
}

// One .git only: a repository may itself be called something.git.
function withoutGit(segment: string): string {
  return segment.replace(/\.git$/u, "");
}

// git-lfs adds .git to a remote that ends in /wiki.
function partOf(rest: readonly string[]): RepositoryPath["part"] | undefined {
  const [first = "", ...below] = rest;
  if (rest.length === 0) return "repository";
  if (withoutGit(first) === "wiki") return below.length === 0 || isLfs(below) ? "wiki" : undefined;
  return isLfs(rest) ? "lfs" : undefined;
}

function isLfs(segments: readonly string[]): boolean {
  return segments[0] === "info" && segments[1] === "lfs";
}
