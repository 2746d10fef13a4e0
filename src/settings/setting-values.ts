// What the value of a setting may be. Each reader gives undefined for a value without meaning.

import { readBoolean, type RawValue } from "../git/config-value.ts";
import { choosableText, readStoreName, type StoreName } from "../store-names.ts";

export interface SettingKind<T> {
  /** Behind "must be": for people. */
  readonly values: string;
  read(value: RawValue, home: string | undefined): T | undefined;
}

export function choice<const T extends string>(...choices: readonly T[]): SettingKind<T> {
  const last = choices.at(-1);
  return {
    values: `${choices.slice(0, -1).join(", ")} or ${last}`,
    read: (value) => choices.find((known) => known === value),
  };
}

export const store: SettingKind<StoreName> = {
  values: choosableText,
  read: (value) => (value === true ? undefined : readStoreName(value)),
};

export const boolean: SettingKind<boolean> = { values: "true or false", read: readBoolean };

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds, or a whole number with a unit: 90, 90s, 15m, 8h, 1d. git's own k, m and g (m for million) do not apply. */
export function duration(leastSeconds: number, most: string): SettingKind<number> {
  const mostSeconds = readDuration(most) ?? leastSeconds;
  return {
    values: `a time from ${leastSeconds}s to ${most}, such as 90, 90s, 15m or 1h`,
    read: (value) => {
      const seconds = value === true ? undefined : readDuration(value);
      if (seconds === undefined || seconds < leastSeconds || seconds > mostSeconds)
        return undefined;
      return seconds;
    },
  };
}

function readDuration(value: string): number | undefined {
  const [, digits, unit = "s"] = /^(\d{1,9})([smhd])?$/u.exec(value) ?? [];
  return digits === undefined
    ? undefined
    : Number(digits) * unitSeconds[unit as keyof typeof unitSeconds];
}

/**
 * Host names, separated by spaces or commas; ASCII folded, `:443` dropped. A name matches itself only, so anything that
 * looks like a pattern or a URL is refused: it would not do what it seems to say.
 */
export const hosts: SettingKind<readonly string[]> = {
  values: "host names such as git.example.com or git.example.com:8443, without scheme, path or *",
  read: (value) => {
    if (value === true) return undefined;
    const words = value.split(/[\s,]+/u).filter((word) => word !== "");
    const found = words.map(readHost);
    return found.every((host) => host !== undefined) ? found : undefined;
  },
};

const hostPattern =
  /^((?:[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([1-9]\d{0,4}))?$/u;

function readHost(word: string): string | undefined {
  // Folded as bytes: toLowerCase alone would turn the Kelvin sign into a k.
  const folded = word.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());
  const [, name, port] = hostPattern.exec(folded) ?? [];
  if (name === undefined || name.length > 253 || Number(port ?? 1) > 65_535) return undefined;
  return port === undefined || port === "443" ? name : `${name}:${port}`;
}

/** Secrets are sent there: https, or http on this machine for tests. No user, query or fragment; no slash at the end. */
export const apiUrl: SettingKind<string> = {
  values: "an https URL, or http on localhost, without user name, ? and #",
  read: (value) => {
    // The URL parser drops control characters and turns \ into /: what it would make of them is not what was written.
    if (value === true || !/^https?:\/\/[^\s\\?#@\p{Cc}]+$/iu.test(value)) return undefined;
    if (!URL.canParse(value)) return undefined;
    const url = new URL(value);
    if (url.protocol !== "https:" && !isLoopback(url.hostname)) return undefined;
    return url.href.replace(/\/+$/u, "");
  },
};

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/u.test(hostname);
}

/** As git reads paths, less `~user/`: git-config(1), Values. */
export const file: SettingKind<string> = {
  values: "an absolute path, or one that starts with ~/",
  read: (value, home) => {
    if (value === true || /\p{Cc}/u.test(value)) return undefined;
    if (value.startsWith("~/")) return home === undefined ? undefined : home + value.slice(1);
    return /^(\/|[A-Za-z]:[\\/])/u.test(value) ? value : undefined;
  },
};
