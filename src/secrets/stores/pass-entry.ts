// The text of an entry in pass: the token in the first line, `key: value` below, as people and their browsers' plug-ins read it.
import type { Label } from "./store.ts";

export interface PassEntry {
  /** Empty in an entry that is damaged. */
  readonly token: string;
  readonly refreshToken?: string | undefined;
  /** Every other line, also what a person has added. */
  readonly others: readonly string[];
}

const refreshStart = "refresh: ";
/** Lines that go with the token. */
const ownLine = /^(?:username|url): /u;

export function parsePassEntry(text: string): PassEntry {
  const [token = "", ...lines] = text.replace(/\n$/u, "").split("\n");
  const refresh = lines.find((line) => line.startsWith(refreshStart));
  return {
    token,
    refreshToken: refresh?.slice(refreshStart.length),
    others: lines.filter((line) => !line.startsWith(refreshStart)),
  };
}

export function formatPassEntry({ token, refreshToken, others }: PassEntry): string {
  const refresh = refreshToken === undefined ? [] : [`${refreshStart}${refreshToken}`];
  return [token, ...others, ...refresh, ""].join("\n");
}

/** @returns the lines of an entry with another token, whose label is known where it is given. */
export function relabel(others: readonly string[], label: Label | undefined): readonly string[] {
  if (label === undefined) return others;
  const { username, url } = label;
  const rest = others.filter((line) => !ownLine.test(line));
  return [`username: ${username}`, `url: ${url}`, ...rest];
}
