// erase: git says that a credential failed. For an account that a person made that is no proof: Bitbucket answers 401 to
// good tokens now and then, and a redirect's 401 counts against the host before it. So it is set aside and checked, never
// deleted here. A login that git itself reported goes at once.
import type { Account } from "../accounts/account.ts";
import { forgetLearned } from "../accounts/keep.ts";
import { isErasedBy, isLearned } from "../accounts/learned.ts";
import { covers, isNamedBy } from "../accounts/match.ts";
import type { Request } from "../protocol/request.ts";
import { tellOfAppPassword } from "./app-password.ts";
import { environmentTokenFor } from "./environment-credential.ts";
import { holdsSecret } from "./holds-secret.ts";
import type { Ports } from "./ports.ts";

/** Throws what the stores throw when they cannot tell whose secret failed; then nothing changed. */
export async function erase(request: Request, ports: Ports): Promise<void> {
  const failed: Account[] = [];
  const gone: Account[] = [];
  for (const account of await ports.registry.read()) {
    if (account.host !== request.host) continue;
    if (isLearned(account)) {
      if (await isGone(account, request, ports)) gone.push(account);
    } else if (account.state !== "rejected" && (await isMeant(account, request, ports))) {
      failed.push(account);
    }
  }
  await forgetLearned(gone, ports);
  for (const account of gone) ports.forgotten?.(account);
  if (failed.length > 0) await setAside(failed, ports);
  if (failed.length + gone.length > 0) return;
  if (isOfEnvironment(request, ports)) tellOfEnvironment(ports);
  else tellOfAppPassword(request, ports);
}

async function setAside(failed: readonly Account[], ports: Ports): Promise<void> {
  await ports.registry.update((accounts) =>
    accounts.map((account) =>
      failed.some((other) => other.name === account.name && other.secretKey === account.secretKey)
        ? reject(account)
        : account,
    ),
  );
  for (const account of failed) {
    ports.checkLater(account.name);
    if (account.kind !== "unknown") tell(account, ports);
  }
}

/** Git's own message names neither the account nor what to do. */
function tell({ name }: Account, ports: Ports): void {
  ports.warn(
    `git was refused with the token of account '${name}', which is now being checked`,
    "git credential-bitbucket status",
  );
}

function isOfEnvironment(request: Request, ports: Ports): boolean {
  const { password } = request;
  if (password === undefined) return false;
  return environmentTokenFor(request, ports)?.secret.equals(password) === true;
}

/** There is nothing to set aside: whoever set it has to know. */
function tellOfEnvironment(ports: Ports): void {
  ports.warn(
    "git was refused with the token of BITBUCKET_TOKEN",
    "git credential-bitbucket status --check",
  );
}

async function isMeant(account: Account, request: Request, ports: Ports): Promise<boolean> {
  if (!covers(account, request)) return false;
  if (request.username !== undefined && !isNamedBy(account, request.username)) return false;
  return request.password === undefined || (await holdsSecret(account, request.password, ports));
}

/** The store is opened for those only that the place fits. */
async function isGone(account: Account, request: Request, ports: Ports): Promise<boolean> {
  const { password } = request;
  if (password === undefined) return isErasedBy(account, request, undefined);
  return isErasedBy(account, request, true) && (await holdsSecret(account, password, ports));
}

function reject(account: Account): Account {
  const { checked: _checked, ...rest } = account;
  return { ...rest, state: "rejected", rejectedBy: "git", reason: "git reported that it failed" };
}
