// Takes out of doctor's text what names a person or a place of theirs, so that it can be pasted into a report.
import { redact } from "../../screen/redact.ts";
import { printable } from "../../screen/printable.ts";

/** What may not be shown, by what is shown in its place. */
export interface PrivateWords {
  /** Names of accounts, in their order. */
  readonly accounts: readonly string[];
  /** Users' names: of this machine's and Bitbucket's. */
  readonly users: readonly string[];
  readonly emails: readonly string[];
  /** Names of hosts: this machine, proxies, hosts of the settings. */
  readonly hosts: readonly string[];
}

export interface Masked {
  readonly text: string;
  /** True when something but the home was taken out: as a command, it would not work any more. */
  readonly incomplete: boolean;
}

export type Mask = (text: string) => Masked;

/** Words that stand in our own texts are not hidden: it would say less and protect nobody. */
const common = new Set(["git", "node", "bitbucket", "localhost", "root", "127.0.0.1", "[::1]"]);

/**
 * @param words undefined: nothing but the home is hidden.
 * @param homes absolute paths of the home, also as links lead to it; written ~ in any case.
 */
export function openMask(words: PrivateWords | undefined, homes: readonly string[]): Mask {
  return (text) => {
    const safe = withoutHomes(printable(redact(text)), homes);
    const shown = words === undefined ? safe : hide(safe, words);
    return { text: shown, incomplete: shown !== safe };
  };
}

/** In quotes, too, the shell still has to see the ~. */
function withoutHomes(text: string, homes: readonly string[]): string {
  let shown = text;
  for (const home of longestFirst(
    homes.filter((path) => /^(?:[A-Za-z]:)?[\\/].*[^\\/]$/u.test(path)),
  )) {
    const path = escaped(home);
    shown = shown
      .replaceAll(new RegExp(String.raw`\$?'${path}'`, "gu"), "~")
      .replaceAll(new RegExp(String.raw`\$'${path}/`, "gu"), "~/$$'")
      .replaceAll(new RegExp(`'${path}/`, "gu"), "~/'")
      .replaceAll(new RegExp(`(?<![\\w.~/-])${path}(?=$|[^\\w.-])`, "gu"), "~");
  }
  return shown;
}

function hide(text: string, words: PrivateWords): string {
  let shown = text;
  for (const email of longestFirst(words.emails))
    shown = replaceAll(shown, escaped(email), "EMAIL");
  for (const [index, name] of words.accounts.entries()) {
    const number = index + 1;
    shown = replaceAll(shown, `account '${escaped(name)}'`, `account ${number}`);
    shown = replaceAll(shown, `(?<=--account )${escaped(name)}(?![\\w.+@-])`, `ACCOUNT-${number}`);
  }
  for (const name of hidable(words.users)) {
    // A user's name may be any word: only where a name stands is it one.
    shown = replaceAll(shown, `(?<=[/'~])${escaped(name)}(?=$|[/'@\\s:])`, "USER");
    shown = replaceAll(shown, `(?<![\\w.+-])${escaped(name)}(?=@)`, "USER");
  }
  for (const host of hidable(words.hosts))
    shown = replaceAll(shown, `(?<![\\w.-])${escaped(host)}(?![\\w-])`, "HOST");
  return shown;
}

function hidable(words: readonly string[]): readonly string[] {
  return longestFirst(words.filter((word) => word !== "" && !common.has(word.toLowerCase())));
}

function longestFirst(words: readonly string[]): readonly string[] {
  return [...new Set(words)].toSorted((one, other) => other.length - one.length);
}

function replaceAll(text: string, pattern: string, shown: string): string {
  return text.replaceAll(new RegExp(pattern, "giu"), shown);
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/gu, String.raw`\$&`);
}
