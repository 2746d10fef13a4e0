// Which helpers git asks for a host, in git's order: that of the files, not of how well an entry fits. gitcredentials(7).
import type { ConfigEntry } from "./config-entries.ts";
import { programOf } from "./helper-command.ts";

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

/** Whether the entry names this program, wherever it lies. */
export function isOurHelper({ value = "" }: ConfigEntry): boolean {
  return /^bitbucket(?:\s|$)/u.test(value) || programOf(value) !== undefined;
}

/** @param chain as helperChain gives it. @returns whether git asks another helper after this one got it nothing. */
export function isAnotherBehind(chain: readonly ConfigEntry[]): boolean {
  const behind = chain.slice(chain.findLastIndex(isOurHelper) + 1);
  const cleared = behind.findLastIndex(({ value = "" }) => value === "");
  return behind.length > cleared + 1;
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
