// What the git under test can do. A test of what older ones cannot do names it, and runs where it is there: see
// test/versions/run.sh.
import { execFileSync } from "node:child_process";

const version = execFileSync("git", ["--version"], { encoding: "utf8" });
const [, major, minor] = (/(\d+)\.(\d+)/u.exec(version) ?? []).map(Number);

/** @param second of a version 2.x, by git's release notes. */
const since = (second: number): boolean => major !== 2 || (minor ?? 0) >= second;

export const gitHas = {
  /** `git --list-cmds`, by which git's own completion in bash finds commands on PATH. */
  commandLists: since(18),
  /** `extensions.worktreeConfig` and `git config --worktree`. */
  worktreeConfig: since(20),
  /** `git config --show-scope`. */
  scopes: since(26),
  /** Sections such as `[credential "bitbucket.org"]`. */
  partialUrls: since(26),
  /** `GIT_CONFIG_GLOBAL` and `GIT_CONFIG_SYSTEM`. */
  namedConfigFiles: since(32),
  /** `git sparse-checkout set --cone --sparse-index`. */
  sparseIndex: since(35),
  /** `_` in the host of a section. */
  underscoreHosts: since(35),
  /** `safe.bareRepository`. */
  bareOnlyByName: since(38),
} as const;
