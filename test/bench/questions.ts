// Questions to a daemon without the price of a process for each: for its memory, not for time.
import { talk } from "../../src/daemon/talk.ts";
import { formatQuestion } from "../../src/daemon/wire.ts";
import type { DaemonHome } from "../daemon/home.ts";

/** Asks one after the other. Throws when an answer is wrong. */
export async function askMany(
  home: DaemonHome,
  request: string,
  count: number,
  expected: (answer: string) => boolean,
): Promise<void> {
  const value = (name: string): string => home.env[name] ?? "";
  // As the front sends them.
  const header = [
    ["waited", "0"],
    ["cwd", home.work],
    ["home", value("HOME")],
    ["config", value("XDG_CONFIG_HOME")],
    ["data", value("XDG_DATA_HOME")],
    ["global", value("GIT_CONFIG_GLOBAL") && `=${value("GIT_CONFIG_GLOBAL")}`],
    ["nosystem", value("GIT_CONFIG_NOSYSTEM")],
  ] as const;
  const question = formatQuestion("get", header, Buffer.from(request));
  for (let asked = 0; asked < count; asked += 1) {
    const got = await talk(home.socket, question, 5000);
    const text = got.outcome === "answered" ? got.answer.attributes.toString("utf8") : "";
    if (!expected(text)) throw new Error(`wrong answer: ${got.outcome}`);
  }
}
