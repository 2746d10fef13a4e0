// The accounts: their file, and each one's state and expiry.
import { dirname, join } from "node:path";
import { type Account, accountState, coverageText } from "../../accounts/account.ts";
import { tokenKinds } from "../../servers/token-kind.ts";
import { type AccountStatus, readStatus } from "../status.ts";
import { directories } from "../../files/directories.ts";
import { checkPrivate } from "../../files/files.ts";
import { printable } from "../../screen/printable.ts";
import { failed, type Finding, ok, skipped, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";

const login = "git credential-bitbucket login";
/** Tells each account's name and the command for it. */
export const status = "git credential-bitbucket status";

export async function checkAccountsFile(context: DoctorContext): Promise<Finding> {
  const { data } = directories(context.outside.env, context.outside.platform);
  const path = join(data, "accounts.json");
  await checkPrivate(dirname(path));
  if (!(await checkPrivate(path))) return skipped("there is none yet", login);
  const { length } = await context.accounts();
  return ok(`${path}, with ${length} ${length === 1 ? "account" : "accounts"}`);
}

export async function checkAccounts(context: DoctorContext): Promise<readonly Finding[]> {
  if ((await context.accounts()).length === 0) return [skipped("there are none yet", login)];
  const { accounts } = await readStatus(await context.flow(), false);
  const now = context.outside.now();
  return accounts.flatMap((statuses, index) =>
    tellAccount(statuses, context.verbose ? undefined : index + 1, now),
  );
}

/** @param number instead of the name, which is the person's or the workspace's. */
function tellAccount(
  { account, problems }: AccountStatus,
  number: number | undefined,
  now: number,
): readonly Finding[] {
  const { name, kind, expires, learned } = account;
  const label = number === undefined ? `account '${name}'` : `account ${number}`;
  const place =
    number === undefined ? printable(coverageText(account)) : placeWithoutNames(account);
  const end = expires === undefined ? "" : `, until ${expires.slice(0, 10)}`;
  const state = learned === undefined ? accountState(account, now) : "learned from git";
  const known = `${tokenKinds[kind].title} for ${place}, ${state}${end}`;
  if (problems.length === 0) return [ok(`${label}: ${known}`)];
  return problems.map(({ message, next, fatal }) => {
    const clause = message.replace(` of account '${name}'`, "");
    return (fatal ? failed : warning)(
      `${label}: ${clause}`,
      number === undefined ? (next ?? status) : status,
    );
  });
}

function placeWithoutNames({ scope, learned }: Account): string {
  if (learned === undefined) return scopes[scope.level];
  return learned.path === undefined ? "what no other account answers" : "one path";
}

const scopes = {
  host: "every repository",
  workspace: "one workspace",
  project: "one project",
  repository: "one repository",
} as const;
