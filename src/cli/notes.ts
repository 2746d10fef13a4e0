// Writes what a flow has to say, as often as it is to be said.
import { join } from "node:path";
import { directories } from "../files/directories.ts";
import type { Note, Result } from "../flows/result.ts";
import type { Outside } from "../outside.ts";
import { problemText, warningText } from "../screen/problem-text.ts";

/** One line and one hint line on stderr for each note. */
export async function writeNotes(
  { notes = [] }: Pick<Result, "notes">,
  { outside }: { readonly outside: Outside },
): Promise<void> {
  for (const note of notes) {
    if (!(await isToTell(note, outside))) continue;
    const text = note.level === "error" ? problemText : warningText;
    outside.stderr.write(text(note.message, note.hint));
  }
}

async function isToTell({ once }: Note, outside: Outside): Promise<boolean> {
  if (once === undefined) return true;
  const folder = join(directories(outside.env, outside.platform).state, "reminders");
  if (once.per === "day") {
    const { isFirstToday } = await import("../files/once-a-day.ts");
    return await isFirstToday(folder, once.name, outside.now());
  }
  const { isFirstThisMinute } = await import("../files/once-a-minute.ts");
  return await isFirstThisMinute(folder, once.name, outside.now());
}
