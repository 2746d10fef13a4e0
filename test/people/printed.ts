// The commands that the program prints for a person to run next.

/**
 * @param word what stands before the command, such as `next` or `hint`.
 * @returns each command once, in order, in words.
 */
export function commandsAfter(word: string, text: string): readonly (readonly string[])[] {
  const line = `\\b${word}:? +(?:[\\w ]+: )?(git credential-bitbucket [^\\n]+)$`;
  const found = [...text.matchAll(new RegExp(line, "gmu"))].map(([, command = ""]) => command);
  return [...new Set(found)].map((command) => command.split(" "));
}
