// Hints are commands one can paste, also where a path has a space in it.

/** @returns the value as one word of a POSIX shell; plain words stay as they are. */
export function shellWord(value: string): string {
  return /^[\w@%+=:,./-]+$/u.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
