// Git's whole configuration with where each entry stands. git-config(1).
import type { ConfigEntry } from "./config-entries.ts";
import { listEntries } from "./git-config.ts";
import type { Git } from "./git.ts";

export type { ConfigEntry } from "./config-entries.ts";

/** Where one can write. */
export type WritableScope = "system" | "global" | "local";

/** @returns all entries in the order in which git reads them, includes followed. Throws HelperError `git`. */
export async function listConfig(git: Git, cwd?: string): Promise<readonly ConfigEntry[]> {
  return await listEntries((args, okExitCodes) => git.run(args, { cwd, okExitCodes }), git.env);
}
