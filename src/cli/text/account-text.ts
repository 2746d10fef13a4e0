// An account as people read it, in `login` and `status`. Never anything of its secret.
import { type Account, accountState, coverageText } from "../../accounts/account.ts";
import { isLearned } from "../../accounts/learned.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import { commandOfKey } from "../../secrets/stores/command-key.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { printable } from "../../screen/printable.ts";
import type { Style } from "../../screen/style.ts";
import type { Problem } from "../../accounts/problems.ts";

type Paint = (style: Style, text: string) => string;

const day = 86_400_000;
const labelWidth = 12;

/**
 * One block: the name, then a line for each thing known, then the problems.
 * @param now milliseconds since 1970.
 */
export function accountText(
  account: Account,
  problems: readonly Problem[],
  now: number,
  paint: Paint,
): string {
  const { kind, gitUsername, username, email, store, scopes } = account;
  const user = [username, email].filter((part) => part !== undefined).join(", ");
  const rows: [label: string, text: string | undefined][] = [
    ["kind", tokenKinds[kind].title],
    ["for", coverageText(account)],
    ["git username", gitUsername],
    ["user", user === "" ? undefined : user],
    ["store", store],
    ["command", commandOfKey(account.secretKey)?.map(shellWord).join(" ")],
    ["state", stateText(account, now)],
    ["scopes", scopes?.join(", ")],
    ["expires", expiryText(account, now)],
  ];
  return [
    paint("bold", account.name),
    ...rows.flatMap(([label, text]) =>
      text === undefined ? [] : [row(label, printable(text), paint)],
    ),
    ...problemLines(problems, paint),
    "",
  ].join("\n");
}

/** Indented lines, to stand below what has the problems. */
export function problemLines(problems: readonly Problem[], paint: Paint): readonly string[] {
  return problems.flatMap(({ message, next, fatal }) => [
    row(fatal ? "problem" : "warning", paint(fatal ? "red" : "yellow", printable(message)), paint),
    ...(next === undefined ? [] : [row("next", printable(next), paint)]),
  ]);
}

export function row(label: string, text: string, paint: Paint): string {
  return `  ${paint("dim", label.padEnd(labelWidth))}  ${text}`;
}

function stateText(account: Account, now: number): string {
  const known = accountState(account, now);
  const learned = known === "expired" ? "learned from git, expired" : "learned from git";
  const state = isLearned(account) ? learned : known;
  const seen =
    account.validated === undefined
      ? ""
      : `, last accepted ${account.validated.slice(0, 16).replace("T", " ")} UTC`;
  return `${state}${seen}`;
}

function expiryText({ expires }: Account, now: number): string | undefined {
  if (expires === undefined) return undefined;
  const days = Math.floor((Date.parse(expires) - now) / day);
  const date = expires.slice(0, 10);
  if (days < 0) return date;
  return days === 0 ? `${date}, today` : `${date}, in ${days} ${days === 1 ? "day" : "days"}`;
}
