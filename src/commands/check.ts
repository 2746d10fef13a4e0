// check: asks Bitbucket about accounts in the background, after git has its answer. Nobody types it, and it prints nothing.
import { madeAccounts } from "../accounts/learned.ts";
import type { Account } from "../accounts/account.ts";
import { applyVerdict } from "../accounts/apply-verdict.ts";
import { HelperError } from "../errors.ts";
import type { Ports } from "../operations/ports.ts";
import type { Secret } from "../secret.ts";
import { openPorts } from "../compose.ts";
import { checkAccount } from "../operations/check.ts";
import type { Outside } from "../outside.ts";
import { readProxies } from "../system/handed-proxies.ts";
import type { CommandInput } from "./command.ts";

export async function run({ positionals }: CommandInput, starter: Outside): Promise<number> {
  const outside = { ...starter, env: { ...starter.env, ...(await readProxies(starter.stdin)) } };
  const ports = await openPorts(outside);
  const accounts = madeAccounts(await ports.registry.read());
  for (const account of accounts.filter(({ name }) => positionals.includes(name))) {
    const secret = await readSecret(account, ports);
    if (secret === undefined) {
      await noteTry(account, ports);
      continue;
    }
    const { verdict } = await checkAccount(account, secret, ports);
    ports.log.info({ account: account.name, outcome: verdict.outcome }, "checked");
  }
  return 0;
}

/** @returns undefined also when its store does not answer: a locked one asks nobody from the background. */
async function readSecret(account: Account, ports: Ports): Promise<Secret | undefined> {
  try {
    return await (await ports.openStore(account.store)).get(account.secretKey);
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    ports.log.warn({ account: account.name, message: error.message }, "not checked");
    return undefined;
  }
}

/** Else the check would be due again at git's next question, and at each one after it. */
async function noteTry({ name, secretKey }: Account, ports: Ports): Promise<void> {
  const unknown = { outcome: "unknown", because: "the secret could not be read" } as const;
  await ports.registry.update((accounts) =>
    accounts.map((account) =>
      account.name === name && account.secretKey === secretKey
        ? applyVerdict(account, unknown, ports.now())
        : account,
    ),
  );
}
