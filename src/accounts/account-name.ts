// Names of accounts: what people type after --account and before the @ of a URL. They also begin the secret's key in the store.
import { foldAscii } from "../servers/repository-path.ts";
import { tokenKinds } from "../servers/token-kind.ts";
import { HelperError } from "../errors.ts";
import { hasToken } from "../screen/redact.ts";
import type { Account, Learned } from "./account.ts";

export const maxNameLength = 64; // characters, ours: file names and tables stay readable

/** What a name is made of; one that was asked for goes before all else. */
export type Nameable = Pick<Account, "scope" | "username" | "email"> & {
  readonly name?: string | undefined;
};

/**
 * The repository, project or workspace, else the user: `acme-api`, `acme-core`, `acme`, `alice`; numbered when taken.
 * Throws HelperError `usage` when the name that was asked for cannot be one.
 */
export function nameAccount(account: Nameable, taken: Iterable<string>): string {
  const wanted = account.name === undefined ? defaultName(account) : checkName(account.name);
  // Folded: some file systems and keychains do not tell cases apart.
  const used = new Set([...taken].map(foldAscii));
  let name = wanted;
  for (let number = 2; used.has(foldAscii(name)); number += 1) name = numbered(wanted, number);
  return name;
}

/**
 * Letters, digits and `.`, `_`, `+`, `-`, `@` between them, so that it needs no quotes in a shell, is no option and no path.
 * @returns the name. Throws HelperError `usage`, without quoting it.
 */
export function checkName(name: string): string {
  if (hasToken(name)) throw new HelperError("usage", "that is a token, not the name of an account");
  if (!isPlainName(name))
    throw new HelperError(
      "usage",
      `an account name has up to ${maxNameLength} letters, digits and . _ + - @, such as work`,
    );
  if (isReserved(name))
    throw new HelperError(
      "usage",
      "an account cannot be called like a username of bitbucket's own",
    );
  return name;
}

/** @returns whether checkName() would take it, but for the names that are Bitbucket's own. */
export function isPlainName(name: string): boolean {
  return (
    name.length <= maxNameLength &&
    /^[A-Za-z0-9_](?:[\w.+@-]*[\w+-])?$/u.test(name) &&
    !hasToken(name)
  );
}

/**
 * What a login that git reported is called, so that status can show it and logout forget it: `learned-acme-api`. No URL
 * names it so.
 */
export function learnedName({ path, username }: Learned): string {
  const place = (path ?? username).replace(/\.git$/u, "");
  return plainWord(`learned-${place}`) || "learned";
}

// Naming all access tokens, such a name would name none.
function isReserved(name: string): boolean {
  return Object.values(tokenKinds).some(({ gitUsername }) => gitUsername === foldAscii(name));
}

function defaultName(account: Nameable): string {
  const plain = plainWord(plainWords(account));
  return plain === "" || isReserved(plain) ? "bitbucket" : plain;
}

function plainWord(text: string): string {
  return foldAscii(text)
    .replaceAll(/[^\w.+-]+/gu, "-")
    .slice(0, maxNameLength)
    .replaceAll(/^[^a-z0-9_]+|[^\w]+$/gu, "");
}

function plainWords({ scope, username, email }: Nameable): string {
  if (scope.level === "host") return username ?? email?.split("@")[0] ?? "";
  if (scope.level === "workspace") return scope.workspace;
  if (scope.level === "project") return `${scope.workspace}-${scope.project}`;
  return `${scope.workspace}-${scope.repository}`;
}

function numbered(name: string, number: number): string {
  const suffix = `-${number}`;
  return name.slice(0, maxNameLength - suffix.length) + suffix;
}
