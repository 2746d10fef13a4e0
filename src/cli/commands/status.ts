// status: every account, what is wrong with it and what to do. docs/design.md, "Commands".
import { openContext } from "../../flows/open-context.ts";
import type { Outside } from "../../outside.ts";
import { isLocked, lockedNote, lockPlace, refuseLocked } from "../../secrets/lock.ts";
import { openStyle } from "../../screen/style.ts";
import type { CommandInput } from "../command.ts";
import { readStatus } from "../../flows/status.ts";
import { statusJson } from "../text/status-json.ts";
import { statusText } from "../text/status-text.ts";

/** @returns 1 when something cannot work as it is. */
export async function run({ values }: CommandInput, outside: Outside): Promise<number> {
  const check = values["check"] === true;
  // A check sends the secret to Bitbucket.
  if (check) refuseLocked(lockPlace(outside));
  const locked = isLocked(lockPlace(outside));
  const context = await openContext(outside);
  const status = await readStatus(context, check);
  outside.stdout.write(
    values["json"] === true
      ? statusJson(status, locked, context.now())
      : (locked ? `${lockedNote}\n` : "") + statusText(status, context.now(), openStyle(outside)),
  );
  const problems = [
    ...status.accounts.flatMap((account) => account.problems),
    ...(status.environment?.problems ?? []),
    ...status.store.problems,
  ];
  return locked || problems.some(({ fatal }) => fatal) ? 1 : 0;
}
