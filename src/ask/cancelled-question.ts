// That a person cancelled a question, for the git processes that waited for its answer at that time: nobody is asked again
// for what they just refused. Who waits at the daemon hears of it there (daemon/flights.ts).
import { writeFileAtomically } from "../files/files.ts";
import { readRegularFile } from "../files/regular-file.ts";

/** A new account of that host, or a new token of that account. */
export interface CancellableQuestion {
  readonly target: { readonly host: string };
  readonly renews?: { readonly name: string } | undefined;
}

const maxBytes = 64 << 10;

/**
 * @param path of the file that says so; the last cancelled question is enough, since one is asked at a time.
 * @param now milliseconds since 1970. Never throws: whoever does not hear of it asks again.
 */
export async function noteCancelled(
  path: string,
  question: CancellableQuestion,
  now: number,
): Promise<void> {
  try {
    await writeFileAtomically(path, JSON.stringify({ question: nameOf(question), at: now }));
  } catch {
    // A full disk, or a folder that is gone.
  }
}

/** @param since when this process began to wait, milliseconds since 1970: what is asked later is another occasion. */
export function wasCancelled(path: string, question: CancellableQuestion, since: number): boolean {
  try {
    const text = readRegularFile(path, maxBytes, { own: true })?.toString("utf8") ?? "{}";
    const note = JSON.parse(text) as { question?: unknown; at?: unknown };
    return note.question === nameOf(question) && typeof note.at === "number" && note.at >= since;
  } catch {
    return false;
  }
}

/** As the daemon tells questions apart. */
function nameOf({ target, renews }: CancellableQuestion): string {
  return renews === undefined ? `host ${target.host}` : `account ${renews.name}`;
}
