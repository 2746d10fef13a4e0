// The JSON of REST's resources, as far as anybody here reads it.
import type { Repository, User } from "./records.ts";

type Json = Readonly<Record<string, unknown>>;

export function userJson(user: User): Json {
  return {
    type: "user",
    username: user.username,
    nickname: user.displayName.toLowerCase(),
    display_name: user.displayName,
    account_id: user.accountId,
    uuid: user.uuid,
    account_status: "active",
  };
}

export function workspaceJson(slug: string): Json {
  return { type: "workspace", slug, name: slug, is_private: true };
}

export function repositoryJson({ workspace, slug, project, isPublic }: Repository): Json {
  return {
    type: "repository",
    full_name: `${workspace}/${slug}`,
    name: slug,
    slug,
    is_private: !isPublic,
    scm: "git",
    has_wiki: true,
    mainbranch: { type: "branch", name: "main" },
    project: { type: "project", key: project, name: project },
    workspace: workspaceJson(workspace),
  };
}

/** @param fields `full_name,project.key`; null for all. Additions (`+a`) and removals (`-a`) are not understood. */
export function pickFields(body: Json, fields: string | null): Json {
  if (fields === null) return body;
  const picked: Record<string, unknown> = {};
  for (const field of fields.split(",")) {
    const [first = "", second] = field.split(".");
    const value = body[first];
    if (value === undefined) continue;
    if (second === undefined) picked[first] = value;
    else
      picked[first] = {
        ...(picked[first] as object | undefined),
        [second]: (value as Json)[second],
      };
  }
  return picked;
}
