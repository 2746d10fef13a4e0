// Git's whole configuration as one listing, and what of it counts for a URL. git-config(1), SCOPES and Protected
// configuration: what a repository says about itself never decides where a token goes.
import type { RawValue } from "./config-value.ts";
import {
  fitsAtLeast,
  fitsEverything,
  matchPartialUrl,
  matchUrl,
  normalizeUrl,
  type NormalUrl,
  type UrlFit,
} from "./url-match.ts";

/** Where git looks; `command` is -c and GIT_CONFIG_*. */
export type ConfigScope = "system" | "global" | "local" | "worktree" | "command";

export interface ConfigEntry {
  readonly scope: ConfigScope;
  /** Such as `file:/home/ada/.gitconfig` or `command line:`. */
  readonly origin: string;
  /** Section and name folded, the part between as it stands. */
  readonly key: string;
  /** Undefined for a key without "=". May hold a secret: never shown as it is. */
  readonly value: string | undefined;
}

/** Of which sections settings are read. */
export type Section = "credential" | "http";

/** @param listing of `git config -z --show-scope --show-origin --list`. @returns its entries in git's order. */
export function parseListing(listing: string): readonly ConfigEntry[] {
  const fields = listing.split("\0");
  const entries: ConfigEntry[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [scope = "", origin = "", entry = ""] = fields.slice(at, at + 3);
    entries.push({ scope: scope as ConfigScope, origin, ...readEntry(entry) });
  }
  return entries;
}

/** @param listing of `git config -z --show-origin --list`: all that gits before 2.26 tell. */
export function parsePlainListing(listing: string): readonly Omit<ConfigEntry, "scope">[] {
  const fields = listing.split("\0");
  const entries: Omit<ConfigEntry, "scope">[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [origin = "", entry = ""] = fields.slice(at, at + 2);
    entries.push({ origin, ...readEntry(entry) });
  }
  return entries;
}

/** The value starts behind the first line feed; a key without "=" has none. */
function readEntry(entry: string): Pick<ConfigEntry, "key" | "value"> {
  const end = entry.indexOf("\n");
  return end === -1
    ? { key: entry, value: undefined }
    : { key: entry.slice(0, end), value: entry.slice(end + 1) };
}

/**
 * Whether the person or the administrator wrote it. A file with a relative path, which HOME=. leads to, is whatever lies
 * in the current folder, and so it is none of theirs.
 */
export function isProtected({ scope, origin }: ConfigEntry): boolean {
  if (scope !== "system" && scope !== "global" && scope !== "command") return false;
  return !origin.startsWith("file:") || /^file:(?:\/|\\\\|[A-Za-z]:[\\/])/u.test(origin);
}

/**
 * @returns the values by name, folded and without the section, as `git config --get-urlmatch` finds them: of several
 * that fit the URL the closest counts, of equals the last.
 */
export function closestValues(
  entries: readonly ConfigEntry[],
  section: Section,
  url: string,
): ReadonlyMap<string, RawValue> {
  const values = new Map<string, { readonly fit: UrlFit; readonly value: RawValue }>();
  for (const { name, fit, value } of fittingEntries(entries, section, url)) {
    const known = values.get(name);
    if (known === undefined || fitsAtLeast(fit, known.fit)) values.set(name, { fit, value });
  }
  return new Map([...values].map(([name, { value }]) => [name, value]));
}

/** @returns the last value of a name that fits the URL, however closely: so git reads its own keys of `credential`. */
export function lastValue(
  entries: readonly ConfigEntry[],
  section: Section,
  name: string,
  url: string,
): RawValue | undefined {
  const ofName = entries.filter(({ key }) => key.endsWith(`.${name}`));
  return fittingEntries(ofName, section, url).at(-1)?.value;
}

export interface FittingEntry {
  /** Folded. */
  readonly name: string;
  readonly fit: UrlFit;
  readonly value: RawValue;
  readonly entry: ConfigEntry;
}

/** @returns every entry of the section that applies to the URL, in git's order. */
export function fittingEntries(
  entries: readonly ConfigEntry[],
  section: Section,
  url: string,
): readonly FittingEntry[] {
  const asked = askedUrl(url);
  return entries.flatMap((entry) => {
    const { key, value = true } = entry;
    if (!key.startsWith(`${section}.`)) return [];
    const end = key.lastIndexOf(".");
    const isPlain = end === section.length;
    const fit = isPlain
      ? fitsEverything
      : fitOf(key.slice(section.length + 1, end), section, asked);
    return fit === undefined ? [] : [{ name: key.slice(end + 1), fit, value, entry }];
  });
}

interface AskedUrl {
  readonly text: string;
  readonly normal: NormalUrl | undefined;
}

/**
 * A path that a server made up must not look like a broken configuration: parts that git could not match are left out.
 * Git hands paths on decoded, so that `%` is no escape in them.
 */
function askedUrl(url: string): AskedUrl {
  const [host = ""] = /^[^/]*:\/\/[^/?#]*/u.exec(url) ?? [];
  const isPlain = !/%|\/\.\.?(?:\/|$)/u.test(url.slice(host.length));
  const text = isPlain && normalizeUrl(url) !== undefined ? url : host;
  return { text, normal: normalizeUrl(text) };
}

function fitOf(pattern: string, section: Section, url: AskedUrl): UrlFit | undefined {
  const normal = normalizeUrl(pattern, "in host");
  if (normal !== undefined)
    return url.normal === undefined ? undefined : matchUrl(url.normal, normal);
  return section === "credential" && url.normal !== undefined
    ? matchPartialUrl(url.text, pattern)
    : undefined;
}
