// Keys as file names, one to one: keys hold `/`, and some file systems do not tell cases or Unicode forms apart.
import { HelperError } from "../../errors.ts";
import { escapeKey, unescapeKey } from "./key-name.ts";

const suffix = ".age";
const maxNameBytes = 200; // NAME_MAX is 255; the file being written has a longer name for a moment

/** @returns the key as escapeKey() writes it. Throws HelperError `usage` when that is too long. */
export function secretFileName(key: string): string {
  const name = escapeKey(key);
  if (name.length > maxNameBytes) {
    throw new HelperError("usage", "the account's name is too long for the file store");
  }
  return name + suffix;
}

/** @returns the key of a file that secretFileName named; undefined for any other. */
export function keyOfSecretFile(name: string): string | undefined {
  if (!name.endsWith(suffix)) return undefined;
  const escaped = name.slice(0, -suffix.length);
  return escaped.length > maxNameBytes ? undefined : unescapeKey(escaped);
}
