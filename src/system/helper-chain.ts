// Which helpers git asks for a host, in git's order: that of the files, not of how well an entry fits. gitcredentials(7).
import type { ConfigEntry } from "./git-configuration.ts";

/**
 * @param entries git's whole configuration, in its order.
 * @param host as in settings: folded, with its port when it is not 443.
 * @returns every credential.helper that applies to some URL of the host. A blank one forgets those before it.
 */
export function helperChain(entries: readonly ConfigEntry[], host: string): readonly ConfigEntry[] {
  return entries.filter(({ key }) => {
    const [, pattern = ""] = /^credential\.(?:(.*)\.)?helper$/su.exec(key) ?? [undefined, " "];
    return pattern === "" || names(pattern, host);
  });
}

/** @param pattern what stands between `credential.` and `.helper`. */
function names(pattern: string, host: string): boolean {
  const [, protocol = "https", named = ""] =
    /^(?:([a-z]+):\/\/)?(?:[^@/]*@)?([^/ ]*)/u.exec(pattern) ?? [];
  if (protocol !== "https" || named === "") return false;
  const labels = named.toLowerCase().replace(/:443$/u, "").split(".");
  const wanted = host.split(".");
  return (
    labels.length === wanted.length &&
    labels.every((label, at) => label === "*" || label === wanted[at])
  );
}
