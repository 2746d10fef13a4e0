// Another helper that git asks beside ours, in words: it gets a copy of every token, or answers in our place.
import type { ConfigEntry } from "./git-configuration.ts";
import { printable } from "../screen/printable.ts";

/** @param entry a credential.helper that stands behind ours. @returns what it does to us, and where it stands. */
export function describeOther(entry: ConfigEntry): string {
  const place = placeOf(entry);
  if (entry.value === undefined || entry.value === "")
    return `a blank credential.helper in ${place} keeps git from asking this helper`;
  return `git asks ${helperName(entry)} too, and gives it a copy of every token: ${place} says so`;
}

/** Not the value itself: a shell helper may have a secret in it. */
export function helperName({ value = "" }: ConfigEntry): string {
  const [name = ""] = value.startsWith("!") ? ["a shell helper"] : value.split(/\s/u);
  return printable(name);
}

/** The file, for people. */
export function placeOf({ origin }: ConfigEntry): string {
  return printable(origin.replace(/^file:/u, ""));
}

/** A later file outweighs ours only until the same lines stand in it. @returns a command. */
export function remedyFor({ scope }: ConfigEntry): string {
  if (scope === "local" || scope === "global")
    return `git credential-bitbucket configure --${scope}`;
  return "git config --show-origin --get-all credential.helper";
}
