// migrate: finds logins for Bitbucket that lie in files, URLs and other helpers' stores, moves what lives into accounts and
// takes away what is dead. docs/design.md, "Commands".
import { isEmail } from "../../servers/email.ts";
import { openContext } from "../../flows/open-context.ts";
import { HelperError } from "../../errors.ts";
import { terminalPrompter, isYes } from "../../ask/terminal-prompter.ts";
import { findVariables } from "../../flows/migrate/environment-names.ts";
import { findAll } from "../../flows/migrate/find-all.ts";
import { planMigration } from "../../flows/migrate/plan.ts";
import { openProgress } from "../../flows/migrate/progress.ts";
import { showPaths } from "../../screen/home-path.ts";
import type { GroupSteps } from "../../flows/migrate/steps.ts";
import {
  hintsText,
  notesText,
  questionFor,
  tableText,
  variablesText,
  whereText,
} from "../text/migrate-text.ts";
import type { Context } from "../../flows/context.ts";
import type { Outside } from "../../outside.ts";
import { type Git, openGit } from "../../git/git.ts";
import { guessEmail } from "../../git/git-repository.ts";
import { mayAsk } from "../../ask/may-ask.ts";
import { lockPlace, refuseLocked } from "../../secrets/lock.ts";
import { sweepAbandoned } from "../../secrets/orphans.ts";
import { openStyle } from "../../screen/style.ts";
import { openTerminal, type Terminal } from "../../ask/terminal.ts";
import type { CommandInput } from "../command.ts";
import { migrateGroups } from "./migrate-groups.ts";

export async function run({ values }: CommandInput, outside: Outside): Promise<number> {
  // What is found elsewhere is compared with the secrets that are stored.
  refuseLocked(lockPlace(outside));
  const git = openGit(outside);
  const context = await openContext(outside);
  const wants =
    values["dry-run"] === true ? "to look" : values["yes"] === true ? "all" : "to be asked";
  const terminal =
    wants === "to be asked" && mayAsk(outside, context.settings)
      ? openTerminal(outside.platform)
      : undefined;
  try {
    const folder = typeof values["in"] === "string" ? values["in"] : undefined;
    const groups = await look(folder, terminal, git, context, outside);
    if (wants !== "to look") await sweepAbandoned(context);
    if (!groups.some((group) => questionFor(group) !== undefined)) return 0;
    if (wants === "to look") {
      outside.stdout.write("nothing is changed: this was a dry run\n");
      return 0;
    }
    if (wants === "to be asked" && terminal === undefined)
      throw new HelperError("not-interactive", "nothing is changed: there is no terminal to ask", {
        hint: "git credential-bitbucket migrate --yes",
      });
    const agrees = async (question: string): Promise<boolean> =>
      terminal === undefined || isYes(await terminal.ask(question));
    return await migrateGroups(groups, agrees, git, context, outside);
  } finally {
    terminal?.close();
  }
}

/** Finds, verifies and shows; changes nothing. */
async function look(
  folder: string | undefined,
  terminal: Terminal | undefined,
  git: Git,
  context: Context,
  outside: Outside,
): Promise<readonly GroupSteps[]> {
  const { stdout, env } = outside;
  const progress = openProgress(outside);
  const scope = {
    folder,
    hosts: context.settings.hosts,
    shown: showPaths(outside),
    onProgress: (folders: number, repositories: number) => {
      progress.show(`looking: ${folders} folders, ${repositories} repositories`);
    },
  };
  const { sources, notes, repositories } = await findAll(scope, git, outside);
  progress.clear();
  const guess = await guessEmail(git);
  let email = guess !== undefined && isEmail(guess) ? guess : undefined;
  const groups = await planMigration(
    sources,
    {
      repositories,
      email,
      askEmail: async (found) => {
        if (terminal === undefined) return undefined;
        progress.clear();
        terminal.write(
          `${whereText(found)} has an API token; it can only be checked with its owner's email\n`,
        );
        ({ email } = await terminalPrompter(terminal, context.now).email(email));
        return email;
      },
      onProgress: (verified, all) => {
        progress.show(`asking bitbucket: ${verified} of ${all}`);
      },
    },
    context,
  );
  progress.clear();
  const paint = openStyle(outside);
  const table =
    groups.length === 0
      ? "no login for bitbucket lies outside of the accounts\n"
      : tableText(groups, (line) => paint("bold", line)) + hintsText(groups);
  const shown = table + variablesText(findVariables(env)) + notesText(notes);
  stdout.write(shown);
  // Who is asked must see what about.
  if (terminal !== undefined && stdout.isTTY !== true) terminal.write(shown);
  return groups;
}
