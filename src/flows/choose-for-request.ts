// Chooses the account for a request, asking Bitbucket first where a repository's project decides and is not known yet.
import type { Account } from "../accounts/account.ts";
import { chooseAccount, type Choice } from "../accounts/choose.ts";
import { isRested } from "../accounts/check-due.ts";
import { checkAccount } from "./check.ts";
import { readSecret } from "../secrets/read.ts";
import type { Context } from "./context.ts";
import type { Target } from "../accounts/target.ts";

/**
 * @param without accounts that are left out.
 * Throws what the registry throws. A project that cannot be asked about stays uncertain.
 */
export async function chooseForRequest(
  target: Target,
  context: Context,
  without: readonly Account[],
): Promise<Choice> {
  const choose = async (): Promise<Choice> => {
    const accounts = await context.registry.read();
    const left = accounts.filter(({ secretKey }) =>
      without.every((other) => other.secretKey !== secretKey),
    );
    return chooseAccount(target, left, context.now());
  };
  const choice = await choose();
  const { repository } = target;
  const uncertain = uncertainOf(choice).filter((account) => isRested(account, context.now()));
  if (uncertain.length === 0 || repository === undefined) return choice;
  if (context.settings.validate === "never") return choice;
  for (const account of uncertain) {
    const secret = await readSecret(account, context);
    if (secret !== undefined) await checkAccount(account, secret, context, repository);
  }
  return await choose();
}

function uncertainOf(choice: Choice): readonly Account[] {
  if (choice.account === undefined) return choice.probe ?? [];
  return choice.uncertainProject === true ? [choice.account] : [];
}
