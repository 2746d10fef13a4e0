// What git reads in the text of a config file, without its includes. git-config(1).
import type { ConfigEntry } from "./config-entries.ts";
import type { Git } from "./git.ts";

export type TextEntry = Pick<ConfigEntry, "key" | "value">;

/**
 * @param text bytes as Latin-1, whatever the encoding.
 * @returns undefined when git cannot read it.
 */
export async function readConfigText(
  text: string,
  git: Git,
): Promise<readonly TextEntry[] | undefined> {
  const { stdout, exitCode } = await git.run(
    ["config", "-z", "--no-includes", "--file", "-", "--list"],
    { input: Buffer.from(text, "latin1"), okExitCodes: [0, 128] },
  );
  return exitCode === 0 ? stdout.split("\0").slice(0, -1).map(readEntry) : undefined;
}

function readEntry(entry: string): TextEntry {
  const end = entry.indexOf("\n");
  if (end === -1) return { key: entry, value: undefined };
  return { key: entry.slice(0, end), value: entry.slice(end + 1) };
}

/** @returns false where one of them could not be read. */
export function sameEntries(
  some: readonly TextEntry[] | undefined,
  others: readonly TextEntry[] | undefined,
): boolean {
  if (some === undefined || others === undefined || some.length !== others.length) return false;
  return some.every(({ key, value }, at) => key === others[at]?.key && value === others[at].value);
}
