// Opens the log where the settings want one.
import { dirname, join } from "node:path";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { directories } from "../files/directories.ts";
import { makePrivateDirectory } from "../files/files.ts";
import { problemText } from "../screen/problem-text.ts";
import { type Log, silentLog } from "./log.ts";
import type { Settings } from "../settings/settings.ts";

/**
 * Opens the log that the settings name; without a file of its own it is `log` in our folder under XDG_STATE_HOME.
 * Where it cannot be opened the person reads why, nothing is logged, and git still gets its answer.
 */
export async function openLog(
  settings: Pick<Settings, "logLevel" | "logFile">,
  outside: Pick<Outside, "env" | "platform" | "stderr">,
): Promise<Log> {
  if (settings.logLevel === "silent") return silentLog;
  try {
    const path = settings.logFile ?? join(directories(outside.env, outside.platform).state, "log");
    await makePrivateDirectory(dirname(path));
    const { openLogFile } = await import("./log-file.ts");
    return openLogFile(path, settings.logLevel);
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    outside.stderr.write(problemText(error.message, error.hint));
    return silentLog;
  }
}
