// Logins that git merely reported, through `store`: one typed at git's own question, or one that stood in a URL, which may
// be somebody else's: a submodule's, a tool's. So such a login is what git's own helper `store` would make of it: good for
// exactly the host, path and username that git sent, behind every account that a person made, and gone when it fails.
import type { Request } from "../protocol/request.ts";
import { hasToken } from "../screen/redact.ts";
import type { Account, Learned } from "./account.ts";
import type { Target } from "./target.ts";

/** An account's name takes 64 letters, a URL's parts are hardly longer; what is, is no login of a person's. */
const longestPart = 255;

/** A repository with thousands of submodules would fill the accounts file, and one that is too large is read no more. */
const mostLearned = 100;

export function isLearned({ learned }: Pick<Account, "learned">): boolean {
  return learned !== undefined;
}

/** @returns the accounts that a person made. */
export function madeAccounts(accounts: readonly Account[]): readonly Account[] {
  return accounts.filter((account) => !isLearned(account));
}

/** @returns those that are too many: the ones that were learned first. */
export function superfluous(accounts: readonly Account[]): readonly Account[] {
  const learned = accounts.filter(isLearned);
  return learned.slice(0, Math.max(0, learned.length - mostLearned));
}

/**
 * What a login may be kept for: the request's username and path, as they are.
 * @returns undefined for what names no place of a server (`..`, empty parts, what a URL gives another meaning), and for
 * a username or a path that is a token itself: it would stand in the accounts file.
 */
export function placeOf({
  username,
  path,
}: Pick<Request, "username" | "path">): Learned | undefined {
  if (username === undefined || !isPlain(username)) return undefined;
  const exact = exactPath(path);
  if (exact === undefined) return { username };
  const isPath = isPlain(exact) && exact.split("/").every(isSegment);
  return isPath ? { username, path: exact } : undefined;
}

/** Whether the login is of this place: for `store`, which overwrites it then. */
export function isOfPlace({ learned }: Pick<Account, "learned">, place: Learned): boolean {
  return (
    learned !== undefined && learned.username === place.username && learned.path === place.path
  );
}

/**
 * How the login fits a request on its host: by the very path, or as one without a path, which fits every request. Compared
 * as git compares: case counts, and `api` is not `api.git`. So nothing that only looks like its place gets its secret.
 */
export function learnedFit(
  { learned }: Pick<Account, "learned">,
  { user, path }: Pick<Target, "user" | "path">,
): "path" | "host" | undefined {
  if (learned === undefined) return undefined;
  if (user !== undefined && user !== learned.username) return undefined;
  if (learned.path === undefined) return "host";
  return learned.path === exactPath(path) ? "path" : undefined;
}

/**
 * Whether `erase` means this login: as git's helpers match, username and path where they are given. A login without a path
 * is served for requests with one, so a password that failed there ends it too.
 * @param holds whether its secret is the request's; undefined when the request has none.
 */
export function isErasedBy(
  { learned }: Pick<Account, "learned">,
  { username, path }: Pick<Request, "username" | "path">,
  holds: boolean | undefined,
): boolean {
  if (learned === undefined || holds === false) return false;
  if (username !== undefined && username !== learned.username) return false;
  const exact = exactPath(path);
  if (exact === undefined || exact === learned.path) return true;
  return learned.path === undefined && holds === true;
}

/** Git cuts slashes at the ends off when it reads a URL; other clients send them. */
function exactPath(path: string | undefined): string | undefined {
  const exact = path?.replaceAll(/^\/+|\/+$/gu, "");
  return exact === "" ? undefined : exact;
}

function isPlain(text: string): boolean {
  return text !== "" && text.length <= longestPart && !/\p{C}/u.test(text) && !hasToken(text);
}

function isSegment(segment: string): boolean {
  return /^(?!\.+$)[^%\\?#]+$/u.test(segment);
}
