// check: asks Bitbucket about accounts in the background, after git has its answer. Nobody types it, and it prints nothing.
import { madeAccounts } from "../../accounts/learned.ts";
import { type Account, isSameRecord, repositoryOf } from "../../accounts/account.ts";
import { applyVerdict } from "../../accounts/apply-verdict.ts";
import { isCheckOfRefusedFresh, isRefused } from "../../accounts/refusals.ts";
import { HelperError } from "../../errors.ts";
import { readSecret } from "../../secrets/read.ts";
import type { Context } from "../../flows/context.ts";
import type { Secret } from "../../secret.ts";
import { openContext } from "../../flows/open-context.ts";
import { checkAccount } from "../../flows/check.ts";
import type { Outside } from "../../outside.ts";
import { readProxies } from "../../processes/handed-proxies.ts";
import { lockPlace, refuseLocked } from "../../secrets/lock.ts";
import type { CommandInput } from "../command.ts";

export async function run({ positionals }: CommandInput, starter: Outside): Promise<number> {
  const outside = { ...starter, env: { ...starter.env, ...(await readProxies(starter.stdin)) } };
  refuseLocked(lockPlace(outside));
  const context = await openContext(outside);
  const accounts = madeAccounts(await context.registry.read());
  for (const account of accounts.filter(({ name }) => positionals.includes(name))) {
    if (!(await begin(account, context))) continue;
    const secret = await tryRead(account, context);
    if (secret === undefined) {
      await noteTry(account, context);
      continue;
    }
    const { verdict } = await checkAccount(account, secret, context, repositoryOf(account));
    context.log.info({ account: account.name, outcome: verdict.outcome }, "checked");
  }
  return 0;
}

/**
 * Of several processes that check a refused account at once, the first one does. Others are asked about once a day, and a
 * mark of the beginning would keep `get` from asking about their projects meanwhile.
 * @returns whether the check is this process's.
 */
async function begin(account: Account, context: Context): Promise<boolean> {
  if (!isRefused(account, context.now())) return true;
  let isMine = false;
  await context.registry.update((accounts) =>
    accounts.map((other) => {
      if (!isSameRecord(other, account)) return other;
      isMine = !isCheckOfRefusedFresh(other, context.now());
      return isMine ? applyVerdict(other, nothingYet, context.now()) : other;
    }),
  );
  return isMine;
}

const nothingYet = { outcome: "unknown", because: "nothing is known yet" } as const;

/** @returns undefined also when its store does not answer: a locked one asks nobody from the background. */
async function tryRead(account: Account, context: Context): Promise<Secret | undefined> {
  try {
    return await readSecret(account, context);
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    context.log.warn({ account: account.name, message: error.message }, "not checked");
    return undefined;
  }
}

/** Else the check would be due again at git's next question, and at each one after it. */
async function noteTry(account: Account, context: Context): Promise<void> {
  await context.registry.update((accounts) =>
    accounts.map((other) =>
      isSameRecord(other, account) ? applyVerdict(other, nothingYet, context.now()) : other,
    ),
  );
}
