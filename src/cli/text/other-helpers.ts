// Helpers that git asks beside ours although our lines are there, because other config files are read after ours.
// Each gets a copy of every token, or answers in our place. docs/git.md, "Configuration".
import type { Outside } from "../../outside.ts";
import { warningText } from "../../screen/problem-text.ts";
import type { Git } from "../../git/git.ts";
import { listConfig, type ConfigEntry } from "../../git/git-configuration.ts";
import { helperChain } from "../../git/helper-chain.ts";
import { describeOther, remedyFor } from "../../git/other-helper.ts";

export interface OurHelper {
  readonly hosts: Iterable<string>;
  /** The value of credential.helper that names us. */
  readonly helper: string;
}

/** Says, for each config file, what it does to us and the command that mends it. */
export async function warnOfOthers(ours: OurHelper, git: Git, outside: Outside): Promise<void> {
  const entries = await listConfig(git);
  const said = new Set<string>();
  for (const host of ours.hosts) {
    for (const entry of entriesAfter(helperChain(entries, host), ours.helper)) {
      const message = describeOther(entry);
      if (said.has(message)) continue;
      said.add(message);
      outside.stderr.write(warningText(message, remedyFor(entry)));
    }
  }
}

/** @returns what stands behind our last entry: everything before it was cleared by our blank one. */
function entriesAfter(chain: readonly ConfigEntry[], helper: string): readonly ConfigEntry[] {
  return chain.slice(chain.findLastIndex(({ value }) => value === helper) + 1);
}
