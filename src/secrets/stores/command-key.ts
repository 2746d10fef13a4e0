// The key of a secret that a command prints: what makes it one of a kind, and the command itself.

/** @param id as every key has one. */
export function commandKey(id: string, command: readonly string[]): string {
  return `${id} ${JSON.stringify(command)}`;
}

/** @returns the absolute path of a program and its arguments; undefined for the key of another store. */
export function commandOfKey(key: string): readonly string[] | undefined {
  try {
    const words: unknown = JSON.parse(key.slice(key.indexOf(" ") + 1));
    if (!Array.isArray(words) || !words.every((word) => typeof word === "string")) return undefined;
    return words[0]?.startsWith("/") === true || /^[A-Za-z]:\\/u.test(words[0] ?? "")
      ? words
      : undefined;
  } catch {
    return undefined;
  }
}
