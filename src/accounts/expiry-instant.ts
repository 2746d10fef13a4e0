// Git's password_expiry_utc as the accounts file has it.

const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** @param seconds since 1970. @returns ISO 8601; undefined, which means never, for what is beyond the calendar's four digits. */
export function isoInstant(seconds: number | undefined): string | undefined {
  if (seconds === undefined || seconds * 1000 > lastInstant) return undefined;
  return new Date(seconds * 1000).toISOString();
}
