// Chooses the account for a request, asking Bitbucket first where a repository's project decides and is not known yet.
import { type Account, isSameRecord } from "../accounts/account.ts";
import type { Choice } from "../accounts/choice.ts";
import { chooseAccount } from "../accounts/choose.ts";
import { isRested } from "../accounts/check-due.ts";
import { checkAccount } from "./check.ts";
import { readSecret } from "../secrets/read.ts";
import type { Context } from "./context.ts";
import type { Target } from "../accounts/target.ts";

/** How long an answer to git waits until what was learned can be written down. */
export const lockPatience = 1000;

/**
 * @param without accounts that are left out.
 * Throws what the registry throws. A project that cannot be asked about stays uncertain.
 */
export async function chooseForRequest(
  target: Target,
  context: Context,
  without: readonly Account[],
): Promise<Choice> {
  const choose = async (learned: readonly Account[] = []): Promise<Choice> => {
    const accounts = await context.registry.read();
    const left = accounts.filter(({ secretKey }) =>
      without.every((other) => other.secretKey !== secretKey),
    );
    const known = left.map(
      (account) => learned.find((other) => isSameRecord(account, other)) ?? account,
    );
    return chooseAccount(target, known, context.now());
  };
  const choice = await choose();
  const { repository } = target;
  const uncertain = uncertainOf(choice, context.now());
  if (uncertain.length === 0 || repository === undefined) return choice;
  if (context.settings.validate === "never") return choice;
  const ask = async (account: Account): Promise<readonly Account[]> => {
    const secret = await readSecret(account, context);
    if (secret === undefined) return [];
    return [(await checkAccount(account, secret, context, repository, lockPatience)).account];
  };
  return await choose((await Promise.all(uncertain.map(ask))).flat());
}

/** One that is served in any case rests after a check that learned nothing; without an answer git gets nothing at all. */
function uncertainOf(choice: Choice, now: number): readonly Account[] {
  if (choice.account === undefined) return choice.probe ?? [];
  return choice.uncertainProject === true && isRested(choice.account, now) ? [choice.account] : [];
}
