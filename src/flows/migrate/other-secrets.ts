// Secrets in git's configuration that are no URLs: in a shell helper, an alias, a header or a username. Only a person can tell
// what else the line does, so they are told of and left.
import { shellWord } from "../../screen/shell-word.ts";
import { printable } from "../../screen/printable.ts";
import type { ConfigFile } from "./git-configs.ts";
import { parseLoginUrl, withoutLogins } from "./login-url.ts";
import type { Shown } from "../../screen/home-path.ts";

/** Long enough to be none of the words that people explain tokens with. */
const token = /\b(?:ATBB|ATATT|ATCTT)[\w=-]{16,}/u;

/** A URL amid other words, with a password. */
const login = /https?:\/\/[^/\s"'@]*:[^/\s"']+@(?:www\.)?bitbucket\.org\b/iu;

/** @returns a note for each line, with the command to change it. */
export function noteOtherSecrets(files: readonly ConfigFile[], shown: Shown): readonly string[] {
  return files.flatMap(({ path, entries }) =>
    entries.flatMap(({ key, value = "" }) => {
      if (!isAmidWords(value) && !isHeader(key, value)) return [];
      const where = `${shown(path)}, ${printable(withoutLogins(key))}`;
      return [
        `${where} has a secret in it that only you can take out: git config --file ${shellWord(path)} --edit`,
      ];
    }),
  );
}

/** A URL that is the whole value is found as such. */
function isAmidWords(value: string): boolean {
  return (token.test(value) || login.test(value)) && parseLoginUrl(value) === undefined;
}

/** What is in the header may be encoded, so its host tells. */
function isHeader(key: string, value: string): boolean {
  return (
    /^http\.(?:.+\.)?extraheader$/su.test(key) &&
    /^authorization:/iu.test(value) &&
    (key.includes("bitbucket.org") || token.test(value))
  );
}
