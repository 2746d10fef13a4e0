// logout: forgets an account and its secret here. The token itself lives on at Bitbucket. docs/design.md, "Commands".
import type { Account } from "../../accounts/account.ts";
import { coverageText } from "../../accounts/account.ts";
import { maxNameLength } from "../../accounts/account-name.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import { openContext } from "../../flows/open-context.ts";
import { HelperError } from "../../errors.ts";
import { deleteOrphans } from "../../secrets/orphans.ts";
import { forgetAccount } from "../../secrets/forget.ts";
import type { Context } from "../../flows/context.ts";
import type { Outside } from "../../outside.ts";
import { hasToken } from "../../screen/redact.ts";
import { shellWord } from "../../screen/shell-word.ts";
import { mayAsk } from "../../ask/may-ask.ts";
import { printable } from "../../screen/printable.ts";
import { commandOfKey } from "../../secrets/stores/command-key.ts";
import { isLocked, lockedNote, lockPlace } from "../../secrets/lock.ts";
import { openTerminal } from "../../ask/terminal.ts";
import type { CommandInput } from "../command.ts";
import { environmentNote } from "../../flows/environment-note.ts";
import { forgetInDaemon } from "../tell-daemon.ts";

export async function run(input: CommandInput, outside: Outside): Promise<number> {
  const context = await openContext(outside);
  const accounts = await context.registry.read();
  const { stdout } = outside;
  for (const account of await chooseAccounts(input, accounts, context, outside)) {
    await forgetAccount(account, context);
    await forgetInDaemon(account.name, outside);
    const { title, made } = tokenKinds[account.kind];
    stdout.write(
      `${forgottenText(account)}\n` +
        `bitbucket still takes the ${title} until it is revoked, here: ${made}\n`,
    );
  }
  if (accounts.length === 0) stdout.write("there is no account to forget\n");
  const orphans = input.values["all"] === true ? await deleteOrphans(context) : 0;
  if (orphans > 0) stdout.write(orphansText(orphans));
  const note = environmentNote(context.environmentToken, context.settings.hosts);
  if (note !== undefined) stdout.write(`${note}\nnext: unset BITBUCKET_TOKEN\n`);
  if (isLocked(lockPlace(outside))) stdout.write(lockedNote);
  return 0;
}

function forgottenText({ name, secretKey }: Account): string {
  const command = commandOfKey(secretKey)?.map(shellWord).join(" ");
  if (command === undefined) return `account '${name}' and its secret are forgotten`;
  return `account '${name}' is forgotten; its secret is still there for: ${printable(command)}`;
}

function orphansText(count: number): string {
  const secrets = count === 1 ? "1 secret" : `${count} secrets`;
  return `${secrets} that no account named, deleted as well\n`;
}

async function chooseAccounts(
  { values, positionals }: CommandInput,
  accounts: readonly Account[],
  context: Context,
  outside: Outside,
): Promise<readonly Account[]> {
  const [name] = positionals;
  if (values["all"] === true) {
    if (name === undefined) return accounts;
    throw new HelperError("usage", "give an account or --all, not both", {
      hint: "git credential-bitbucket help logout",
    });
  }
  if (name !== undefined) return [findNamed(name, accounts)];
  return accounts.length > 1 ? [await askWhich(accounts, context, outside)] : accounts;
}

function findNamed(name: string, accounts: readonly Account[]): Account {
  const found = accounts.find((account) => account.name === name);
  if (found !== undefined) return found;
  // A token that is given here by mistake is not shown again.
  const isShown = name.length <= maxNameLength && !hasToken(name);
  const named = isShown ? `there is no account '${printable(name)}'` : "there is no such account";
  throw new HelperError("unknown-account", named, { hint: "git credential-bitbucket status" });
}

async function askWhich(
  accounts: readonly Account[],
  context: Context,
  outside: Outside,
): Promise<Account> {
  const terminal = mayAsk(outside, context.settings) ? openTerminal(outside.platform) : undefined;
  if (terminal === undefined)
    throw new HelperError(
      "usage",
      `there are ${accounts.length} accounts: name one of them, or give --all`,
      {
        hint: `git credential-bitbucket logout ${shellWord(accounts[0]?.name ?? "")}`,
      },
    );
  try {
    for (const account of accounts)
      terminal.write(
        `${account.name}: ${tokenKinds[account.kind].title}, ${printable(coverageText(account))}\n`,
      );
    return findNamed((await terminal.ask("Account to forget: ")).trim(), accounts);
  } finally {
    terminal.close();
  }
}
