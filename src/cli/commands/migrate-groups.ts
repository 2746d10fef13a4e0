// The part of migrate that changes things: group by group, each when it is agreed to; at the end what is left to do.
import type { Account } from "../../accounts/account.ts";
import { accountState, scopeText } from "../../accounts/account.ts";
import { readTarget } from "../../accounts/target.ts";
import { chooseAccount } from "../../accounts/choose.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import { carryOut, type Kept, type Told } from "../../flows/migrate/carry-out.ts";
import { showPaths } from "../../screen/home-path.ts";
import type { GroupSteps, Step } from "../../flows/migrate/steps.ts";
import { backupsText, questionFor } from "../text/migrate-text.ts";
import { asksForToken } from "../../flows/get.ts";
import type { Context } from "../../flows/context.ts";
import type { Outside } from "../../outside.ts";
import { problemText } from "../../screen/problem-text.ts";
import { printable } from "../../screen/printable.ts";
import { listConfig } from "../../git/git-configuration.ts";
import type { Git } from "../../git/git.ts";
import { helperChain } from "../../git/helper-chain.ts";

/** @returns the exit code: 1 when something that was agreed to could not be done. Throws `cancelled`. */
export async function migrateGroups(
  groups: readonly GroupSteps[],
  agrees: (question: string) => Promise<boolean>,
  git: Git,
  context: Context,
  outside: Outside,
): Promise<number> {
  const { stdout } = outside;
  const shown = showPaths(outside);
  const backups: string[] = [];
  const kept: Kept = [];
  let failures = 0;
  let agreed = 0;
  const told: Told = {
    onStored: (account) => void stdout.write(storedText(account)),
    onTaken: ({ title }, { done, backup }) => {
      if (backup !== undefined) backups.push(backup);
      const where = backup === undefined ? "" : `; backup: ${shown(backup)}`;
      stdout.write(`${title}: ${done.join(", ")}${where}\n`);
    },
    onFailure: ({ message, hint }) => {
      failures += 1;
      outside.stderr.write(problemText(message, hint));
    },
  };
  try {
    for (const group of groups) {
      const question = questionFor(group);
      if (question === undefined || !(await agrees(question))) continue;
      agreed += 1;
      await carryOut(group, kept, context, told);
    }
    if (agreed > 0)
      stdout.write(
        await nextText(
          groups.flatMap(({ steps }) => steps),
          kept,
          git,
          context,
          outside,
        ),
      );
  } finally {
    stdout.write(agreed === 0 ? "nothing is changed\n" : backupsText(backups, outside));
  }
  return failures > 0 ? 1 : 0;
}

function storedText({ name, kind, scope, store, state }: Account): string {
  const unsure = state === "approved" ? "" : ", not checked yet";
  return `stored as account '${name}' in the ${store} store: ${tokenKinds[kind].title}, ${printable(scopeText(scope))}${unsure}\n`;
}

/** What git still needs to work without what was taken away. */
async function nextText(
  steps: readonly Step[],
  kept: Kept,
  git: Git,
  context: Context,
  outside: Outside,
): Promise<string> {
  const next: string[] = [];
  if (!(await isConfigured(git, outside))) next.push("next: git credential-bitbucket configure\n");
  const accounts = await context.registry.read();
  const orphan = steps.find((step) => step.takes && !isAnswered(step, accounts, context.now()));
  if (orphan !== undefined) next.push("next: git credential-bitbucket login\n");
  const doubtful = accounts.filter(({ state }) => state === "unverified");
  if (doubtful.some(({ name }) => kept.some(({ account }) => account === name)))
    next.push("next: git credential-bitbucket status --check\n");
  return next.join("");
}

/** By this helper in whatever form: a front elsewhere, or its name alone. */
async function isConfigured(git: Git, { cwd }: Outside): Promise<boolean> {
  const chain = helperChain(await listConfig(git, cwd), "bitbucket.org");
  const after = chain.slice(chain.findLastIndex(({ value }) => value === "") + 1);
  return after.some(({ value = "" }) => /(?:^|[/\\-])bitbucket(?:['"\s.]|$)/u.test(value));
}

function isAnswered({ place }: Step, accounts: readonly Account[], now: number): boolean {
  const { host, path } = place;
  const choice = chooseAccount(readTarget({ host, path }), accounts, now);
  if (choice.account === undefined) return !asksForToken(choice.miss);
  return ["approved", "unverified"].includes(accountState(choice.account, now));
}
