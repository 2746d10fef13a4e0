// Keys as file names, one to one: keys hold `/`, and some file systems do not tell cases or Unicode forms apart.
import { HelperError } from "../../errors.ts";

const suffix = ".age";
const maxNameBytes = 200; // NAME_MAX is 255; the file being written has a longer name for a moment

/** @returns the key with every byte but a-z, 0-9, `-` and `_` as %xx. Throws HelperError `usage` when that is too long. */
export function secretFileName(key: string): string {
  const name = [...Buffer.from(key, "utf8")].map(escapeByte).join("");
  if (name.length > maxNameBytes) {
    throw new HelperError("usage", "the account's name is too long for the file store");
  }
  return name + suffix;
}

/** @returns the key of a file that secretFileName named; undefined for any other. */
export function keyOfSecretFile(name: string): string | undefined {
  if (!name.endsWith(suffix)) return undefined;
  const key = unescape(name.slice(0, -suffix.length));
  return key !== undefined && secretFileName(key) === name ? key : undefined;
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[a-z0-9_-]/u.test(character) ? character : `%${byte.toString(16).padStart(2, "0")}`;
}

function unescape(name: string): string | undefined {
  try {
    return name.length > maxNameBytes ? undefined : decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
