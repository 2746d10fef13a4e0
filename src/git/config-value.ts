// How git reads the values of its configuration. git-config(1), Values.

/** `true` is a key that stands in a configuration file without "=": git reads it as a boolean. */
export type RawValue = string | true;

/** @returns undefined for what git takes as no boolean. */
export function readBoolean(value: RawValue): boolean | undefined {
  if (value === true) return true;
  const folded = value.toLowerCase();
  if (["true", "yes", "on"].includes(folded)) return true;
  if (["false", "no", "off", ""].includes(folded)) return false;
  return /^[+-]?\d+$/u.test(value) ? Number(value) !== 0 : undefined;
}
