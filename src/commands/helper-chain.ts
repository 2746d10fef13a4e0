// Which helpers git asks for a host, in git's order: that of the files, not of how well an entry fits. gitcredentials(7).

/** One value of credential.helper. */
export interface ChainEntry {
  /** As `git config --show-scope` names it: system, global, local, worktree or command. */
  readonly scope: string;
  /** As `git config --show-origin` names it: `file:/home/ada/.gitconfig`. */
  readonly origin: string;
  /** Empty: forgets every entry before it. */
  readonly value: string;
}

/** What `git config` must be called with for helperChain to understand the answer. */
export const chainArguments = [
  "config",
  "--show-scope",
  "--show-origin",
  "-z",
  "--get-regexp",
  String.raw`^credential\.(.*\.)?helper$`,
] as const;

/**
 * @param listing what `git config` with chainArguments printed.
 * @param host as in settings.
 * @returns every entry that applies to some URL of the host, the blank ones too.
 */
export function helperChain(listing: string, host: string): readonly ChainEntry[] {
  const fields = listing.split("\0");
  const chain: ChainEntry[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [scope = "", origin = "", entry = ""] = fields.slice(at, at + 3);
    const [key = "", ...value] = entry.split("\n");
    if (!applies(key.slice("credential.".length, -".helper".length), host)) continue;
    chain.push({ scope, origin, value: value.join("\n") });
  }
  return chain;
}

/** @param pattern between `credential.` and `.helper`; empty for the generic key, whose own dot slice() takes. */
function applies(pattern: string, host: string): boolean {
  if (pattern === "") return true;
  const parts = /^(?:([a-z]+):\/\/)?(?:[^@/]*@)?([^/]*)/u.exec(pattern);
  const [, protocol = "https", named = ""] = parts ?? [];
  if (protocol !== "https" || named === "") return false;
  const labels = named.toLowerCase().replace(/:443$/u, "").split(".");
  const wanted = host.split(".");
  return (
    labels.length === wanted.length &&
    labels.every((label, at) => label === "*" || label === wanted[at])
  );
}
