// Which entries of git's configuration apply to a URL: `section.<url>.name`. git-config(1), http.<url>.*, tells the rules;
// what it leaves open (normal forms, partial URLs of credentials) follows what git does, and a test compares the two.

/** How closely a URL in a key fits; a key without one fits everything, and least. */
export interface UrlFit {
  readonly hostLength: number;
  readonly pathLength: number;
  readonly namesUser: boolean;
}

/** A URL in normal form: folded, default port and dot segments gone, each character escaped that must be and no other. */
export interface NormalUrl {
  readonly scheme: string;
  /** Undefined when the URL has no `@`; empty when nothing stands before it. */
  readonly user: string | undefined;
  readonly host: string;
  /** Empty for the default one. */
  readonly port: string;
  /** With query and fragment. */
  readonly path: string;
}

export const fitsEverything: UrlFit = { hostLength: 0, pathLength: 0, namesUser: false };

/**
 * @param url of any form.
 * @param globs whether the host may have `*` in it.
 * @returns undefined for what git does not take for a URL, and for `file:`, which has no host.
 */
export function normalizeUrl(url: string, globs: "no" | "in host" = "no"): NormalUrl | undefined {
  const [, scheme, authority = "", rest = ""] =
    /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(.*)$/su.exec(bytesOf(url)) ?? [];
  if (scheme === undefined) return undefined;
  const at = authority.indexOf("@");
  const login = at === -1 ? undefined : normalizeEscapes(authority.slice(0, at));
  if (at !== -1 && login === undefined) return undefined;
  const place = splitPort(authority.slice(at + 1));
  const folded = { scheme: fold(scheme), host: fold(place.host) };
  const allowed = globs === "no" ? /^[a-z0-9.\-_[:\]]+$/u : /^[a-z0-9.\-_[:\]*]+$/u;
  const port = place.port === undefined ? "" : normalizePort(place.port, folded.scheme);
  const path = normalizePath(rest);
  if (!allowed.test(folded.host) || folded.host.startsWith(":")) return undefined;
  if (port === undefined || path === undefined) return undefined;
  return { ...folded, user: login?.split(":", 1)[0], port, path };
}

/** @returns how closely the pattern fits the URL; undefined when it does not. */
export function matchUrl(url: NormalUrl, pattern: NormalUrl): UrlFit | undefined {
  if (url.scheme !== pattern.scheme || url.port !== pattern.port) return undefined;
  if (pattern.user !== undefined && pattern.user !== url.user) return undefined;
  if (!matchesHost(url.host, pattern.host)) return undefined;
  const pathLength = matchPath(url.path, pattern.path);
  if (pathLength === undefined) return undefined;
  return { hostLength: pattern.host.length, pathLength, namesUser: pattern.user !== undefined };
}

/**
 * What git takes beside URLs in `credential.<url>`: one without scheme or host, such as `bitbucket.org` or `https://`. Each
 * part that is there must be exactly that of the URL. gitcredentials(7).
 */
export function matchPartialUrl(url: string, pattern: string): UrlFit | undefined {
  const wanted = partsOf(pattern);
  const given = partsOf(url);
  const parts = ["scheme", "user", "host", "path"] as const;
  if (parts.some((part) => wanted[part] !== undefined && wanted[part] !== given[part]))
    return undefined;
  return {
    hostLength: wanted.host?.length ?? 0,
    pathLength: wanted.path === undefined ? 0 : wanted.path.length + 2,
    namesUser: wanted.user !== undefined,
  };
}

/** @returns whether the first counts before the second; of equals, the one that is read later does. */
export function fitsAtLeast(fit: UrlFit, other: UrlFit): boolean {
  if (fit.hostLength !== other.hostLength) return fit.hostLength > other.hostLength;
  if (fit.pathLength !== other.pathLength) return fit.pathLength > other.pathLength;
  return fit.namesUser || !other.namesUser;
}

/** One character for each byte: git compares bytes. */
function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

function fold(text: string): string {
  return text.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());
}

/** A colon inside of brackets belongs to an IPv6 address. */
function splitPort(place: string): { readonly host: string; readonly port: string | undefined } {
  const colon = Math.max(place.lastIndexOf(":"), place.lastIndexOf("]"));
  if (colon <= 0 || place[colon] !== ":") return { host: place, port: undefined };
  return { host: place.slice(0, colon), port: place.slice(colon + 1) };
}

function normalizePort(port: string, scheme: string): string | undefined {
  if (port === "") return "";
  const plain = port.replace(/^0+(?=.)/su, "");
  if (plain === { http: "80", https: "443" }[scheme]) return "";
  const isPort = /^[1-9]\d{0,4}$/u.test(plain) && Number(plain) <= 65_535;
  return isPort ? plain : undefined;
}

/** @returns undefined for a broken escape, and for `..` with nothing before it. */
function normalizePath(rest: string): string | undefined {
  const [, folders = "", tail = ""] = /^([^?#]*)(.*)$/su.exec(rest) ?? [];
  const normalTail = normalizeEscapes(tail);
  if (normalTail === undefined) return undefined;
  const kept: string[] = [];
  const segments = folders.replace(/^\//u, "").split("/");
  for (const segment of segments) {
    const normal = normalizeEscapes(segment);
    if (normal === undefined) return undefined;
    if (normal === ".." && kept.pop() === undefined) return undefined;
    if (normal !== "." && normal !== "..") kept.push(normal);
  }
  return `/${kept.join("/")}${normalTail}`;
}

/** Escapes of what need not be escaped are undone; those of delimiters stay. RFC 3986, section 6.2.2. */
function normalizeEscapes(text: string): string | undefined {
  if (/%(?![0-9A-Fa-f]{2})/u.test(text)) return undefined;
  return text.replaceAll(/%(..)|[^!#-$&-;=?-[\]_a-z~]/gsu, (found, digits: string | undefined) => {
    const character =
      digits === undefined ? found : String.fromCodePoint(Number.parseInt(digits, 16));
    const isSafe = /^[A-Za-z0-9\-._~]$/u.test(character);
    return isSafe ? character : `%${hexOf(character)}`;
  });
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, "0");
}

/** `*` stands for one whole label; a dot at the end does not count. */
function matchesHost(host: string, pattern: string): boolean {
  const labels = host.replace(/\.$/u, "").split(".");
  const wanted = pattern.replace(/\.$/u, "").split(".");
  return (
    labels.length === wanted.length &&
    wanted.every((label, index) => label === "*" || label === labels[index])
  );
}

/** @returns the length of what matches, with the slash behind it; undefined when it does not end where a name ends. */
function matchPath(path: string, pattern: string): number | undefined {
  const prefix = pattern.replace(/\/$/u, "");
  if (!path.startsWith(prefix)) return undefined;
  return path.length === prefix.length || path[prefix.length] === "/"
    ? prefix.length + 1
    : undefined;
}

interface Parts {
  readonly scheme: string | undefined;
  readonly user: string | undefined;
  readonly host: string | undefined;
  readonly path: string | undefined;
}

function partsOf(url: string): Parts {
  const [, scheme, authority = "", rest = ""] =
    /^(?:((?:(?!:\/\/).)*):\/\/)?([^/?#]*)(.*)$/su.exec(bytesOf(url)) ?? [];
  const at = authority.indexOf("@");
  const path = decode(rest.replace(/^\/+/u, "")).replace(/(?!^)\/+$/u, "");
  return {
    scheme: scheme === "" ? undefined : scheme,
    user: at === -1 ? undefined : decode(authority.slice(0, at).split(":", 1)[0] ?? ""),
    host: at + 1 === authority.length ? undefined : decode(authority.slice(at + 1)),
    path: path === "" ? undefined : path,
  };
}

function decode(text: string): string {
  return text.replaceAll(/%([0-9A-Fa-f]{2})/gu, (_, digits: string) =>
    String.fromCodePoint(Number.parseInt(digits, 16)),
  );
}
