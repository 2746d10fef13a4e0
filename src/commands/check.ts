// check: asks Bitbucket about accounts in the background, after git has its answer. Nobody types it, and it prints nothing.
import { madeAccounts } from "../accounts/learned.ts";
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
    const store = await ports.openStore(account.store);
    const secret = await store.get(account.secretKey);
    if (secret === undefined) continue;
    const { verdict } = await checkAccount(account, secret, ports);
    ports.log.info({ account: account.name, outcome: verdict.outcome }, "checked");
  }
  return 0;
}
