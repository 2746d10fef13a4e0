// Questions to a daemon without the price of a process for each: for its memory, not for time.
import { talk } from "../../src/daemon/talk.ts";
import { callerHeader } from "../../src/daemon/caller.ts";
import { formatQuestion } from "../../src/daemon/wire.ts";
import type { DaemonHome } from "../daemon/home.ts";

/** Asks one after the other. Throws when an answer is wrong. */
export async function askMany(
  home: DaemonHome,
  request: string,
  count: number,
  expected: (answer: string) => boolean,
): Promise<void> {
  const header = callerHeader({ env: home.env, cwd: home.work }, 0);
  if (header === undefined) throw new Error("this environment is the helper's");
  const question = formatQuestion("get", header, Buffer.from(request));
  for (let asked = 0; asked < count; asked += 1) {
    const got = await talk(home.socket, question, 5000);
    const text = got.outcome === "answered" ? got.answer.attributes.toString("utf8") : "";
    if (!expected(text)) throw new Error(`wrong answer: ${got.outcome}`);
  }
}
