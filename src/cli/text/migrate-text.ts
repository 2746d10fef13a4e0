// What migrate shows: never a secret.
import { scopeText } from "../../accounts/account.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import type { Outside } from "../../outside.ts";
import { redact } from "../../screen/redact.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { printable } from "../../screen/printable.ts";
import type { NamedVariable } from "../../flows/migrate/environment-names.ts";
import type { PlanItem } from "../../flows/migrate/decide.ts";
import { groupTitles } from "../../flows/migrate/place.ts";
import type { GroupSteps, Step } from "../../flows/migrate/steps.ts";
import type { FoundPlace } from "../../flows/migrate/found-secret.ts";

const columns = ["where", "what", "state", "then"] as const;

/** @returns a table with one line for each place; every line ends with a line feed. */
export function tableText(groups: readonly GroupSteps[], bold: (text: string) => string): string {
  const rows = groups.flatMap(({ steps }) => steps.map(rowOf));
  const widths = columns.map((title, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  const places = rows.length === 1 ? "1 place" : `${rows.length} places`;
  return [`logins for bitbucket in ${places}:`, "", bold(lineOf(columns)), ...rows.map(lineOf), ""]
    .map((line) => `${line}\n`)
    .join("");
}

/** The commands for what is left to the person. */
export function hintsText(groups: readonly GroupSteps[]): string {
  const hints = new Map<string, string>();
  for (const { item } of groups.flatMap(({ steps }) => steps)) {
    const action = item?.action;
    if (action?.does === "leave" && action.hint !== undefined)
      hints.set(action.because, action.hint);
  }
  return [...hints].map(([because, hint]) => `left, because ${because}\nnext: ${hint}\n`).join("");
}

/** @returns the question for a group, or undefined when nothing is to be done there. */
export function questionFor({ group, steps }: GroupSteps): string | undefined {
  const taken = steps.filter((step) => step.takes);
  if (taken.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const step of taken) counts.set(verbOf(step), (counts.get(verbOf(step)) ?? 0) + 1);
  const what = [...counts].map(([verb, count]) => `${verb} ${count}`).join(", ");
  const title = groupTitles[group];
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}: ${what}. Go on? (y/n) [n]: `;
}

/** @param backups absolute paths. */
export function backupsText(backups: readonly string[], { env }: Pick<Outside, "env">): string {
  if (backups.length === 0) return "";
  const words = backups.map((path) => shellPath(path, env["HOME"] ?? ""));
  return (
    "the backups hold the old secrets in plain text; when everything works, delete them:\n" +
    `  rm ${words.join(" ")}\n`
  );
}

/** One word of a shell, which knows ~ only outside of quotes. */
function shellPath(path: string, home: string): string {
  const rest = home !== "" && path.startsWith(`${home}/`) ? path.slice(home.length) : undefined;
  return rest !== undefined && shellWord(rest) === rest ? `~${rest}` : shellWord(path);
}

export function variablesText(variables: readonly NamedVariable[]): string {
  return variables
    .map(({ name, title, usable }) =>
      usable
        ? `${name} is set in the environment: git gets a token from BITBUCKET_TOKEN only\n`
        : `${name} is set in the environment and holds an ${title}, which bitbucket takes no more: put a token into BITBUCKET_TOKEN\n`,
    )
    .join("");
}

type PlannedStep = Pick<Step, "source" | "takes"> & { readonly item: PlanItem };

function rowOf({ source, place, item, takes }: Step): readonly string[] {
  const where = whereText({ source, place });
  if (item === undefined)
    return [
      where,
      `username ${shownName(place.username ?? "")}`,
      "no account answers to it",
      "taken out",
    ];
  return [where, whatOf(item), stateOf(item), thenOf({ source, item, takes })];
}

/** For people: `~/.netrc, line 3`. */
export function whereText({ source, place }: FoundPlace): string {
  return place.at === "" ? source.title : `${source.title}, ${place.at}`;
}

function whatOf({ verification }: PlanItem): string {
  const { title } = tokenKinds[verification.kind];
  return verification.username === undefined
    ? title
    : `${title} (${shownName(verification.username)})`;
}

/** A safety net: a token in a username's place is taken for the secret where it is read. */
function shownName(username: string): string {
  return redact(printable(username));
}

function stateOf({ verification }: PlanItem): string {
  switch (verification.state) {
    case "known":
      return "stored already";
    case "dead":
    case "unclear":
      return verification.because;
    case "usable": {
      const { verdict } = verification.proof;
      if (verdict?.outcome === "valid") return "alive";
      if (verdict?.outcome === "lacks-scope") return `alive, but cannot ${verdict.blocks}`;
      if (verdict?.outcome !== "unknown") return "not checked";
      return `not checked: ${verdict.doubt === "identity" ? "its owner's email is not known" : printable(verdict.because)}`;
    }
  }
}

function thenOf({ source, item, takes }: PlannedStep): string {
  const { action, verification, isOfRepository } = item;
  switch (action.does) {
    case "move": {
      // Less than a person may expect of a token, so it is said before it is done.
      const scope = isOfRepository ? ` for ${printable(scopeText(action.place.scope))}` : "";
      return `becomes account '${action.name}'${scope}`;
    }
    case "drop":
      if (action.same) return `taken out: account '${action.account}' has it`;
      return `${takes ? "taken out" : "left"}: account '${action.account}' has another`;
    case "delete":
      if (!takes) return "left: only you can tell, and there would be no backup";
      return source.group === "urls" ? "taken out" : "deleted";
    case "leave":
      // The column before tells why.
      return verification.state === "unclear" ? "left" : `left: ${action.because}`;
  }
}

function verbOf({ source, item }: Step): string {
  if (item?.action.does === "move") return "move";
  return item?.action.does === "delete" && source.group !== "urls" ? "delete" : "take out";
}

export function notesText(notes: readonly string[]): string {
  return notes.map((note) => `note: ${note}\n`).join("");
}
