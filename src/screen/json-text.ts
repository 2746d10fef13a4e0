// JSON that is harmless on a screen, too: RFC 8259 leaves control characters from 0x7f on, and those that hide or reorder
// text, as they are.
import { maskedCharacters } from "./printable.ts";

/** @returns the value as JSON in several lines, the last one ended by a line feed. */
export function jsonText(value: unknown): string {
  return `${escapedJson(JSON.stringify(value, undefined, 2))}\n`;
}

/** @param json any JSON without tabs. @returns the same value, written with an escape for each of these characters. */
export function escapedJson(json: string): string {
  return json.replaceAll(maskedCharacters, (character) =>
    character === "\n" ? character : escapes(character),
  );
}

/** One for each half of a surrogate pair, as JSON has it. */
function escapes(character: string): string {
  let text = "";
  for (let at = 0; at < character.length; at += 1)
    text += `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return text;
}
