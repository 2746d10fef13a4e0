// Keys as names that every file system and program tells apart, one to one.

/** @returns the text with every byte but a-z, 0-9, `-` and `_` as %xx. */
export function escapeKey(text: string): string {
  return [...Buffer.from(text, "utf8")].map(escapeByte).join("");
}

/** @returns undefined for what escapeKey never writes. */
export function unescapeKey(name: string): string | undefined {
  try {
    const text = decodeURIComponent(name);
    return escapeKey(text) === name ? text : undefined;
  } catch {
    return undefined;
  }
}

/** As escapeKey, but a key with slashes is a path: `work/0123456789ab`. */
export function escapePath(key: string): string {
  // Not at its ends, nor two together: an empty name is none.
  return key
    .split(/(?<=[^/])\/(?=[^/])/u)
    .map(escapeKey)
    .join("/");
}

/** @returns undefined for what escapePath never writes. */
export function unescapePath(path: string): string | undefined {
  const parts = path.split("/").map(unescapeKey);
  if (parts.includes(undefined)) return undefined;
  const key = parts.join("/");
  return escapePath(key) === path ? key : undefined;
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9_-]/u.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
}
