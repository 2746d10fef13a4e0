// erase: git says that a credential failed. For an account that a person made that is no proof: Bitbucket answers 401 to
// good tokens now and then, and a redirect's 401 counts against the host before it. So it is checked, and served until
// Bitbucket itself rejects its token. A login that git itself reported goes at once.
import { type Account, isSameRecord } from "../accounts/account.ts";
import { forgetLearned } from "../secrets/keep.ts";
import { isErasedBy, isLearned } from "../accounts/learned.ts";
import { covers, isNamedBy } from "../accounts/match.ts";
import { isRefused, refuse } from "../accounts/refusals.ts";
import { HelperError } from "../errors.ts";
import type { Request } from "../protocol/request.ts";
import { tellOfAppPassword } from "./app-password.ts";
import { isCheckDue } from "./check.ts";
import { environmentTokenFor } from "./environment-credential.ts";
import { holdsSecret } from "./holds-secret.ts";
import type { Ports } from "./context.ts";

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
  if (failed.length > 0) await noteRefusal(failed, ports);
  if (failed.length + gone.length > 0) return;
  if (isOfEnvironment(request, ports)) tellOfEnvironment(ports);
  else tellOfAppPassword(request, ports);
}

/** Writes down the refusal, and starts the checks that are due: of several processes at once, one does. */
async function noteRefusal(failed: readonly Account[], ports: Ports): Promise<void> {
  const toCheck = new Set<string>();
  try {
    await ports.registry.update((accounts) =>
      accounts.map((account) => {
        if (!failed.some((other) => isSameRecord(other, account))) return account;
        const isFirst = !isRefused(account, ports.now());
        const refused = refuse(account, ports.now());
        if (isFirst || isCheckDue(refused, ports)) toCheck.add(account.name);
        return refused;
      }),
    );
  } catch (error) {
    // A home that cannot be written: the account is served as before, and the person hears of it all the same.
    if (!(error instanceof HelperError)) throw error;
    toCheck.clear();
    ports.log.warn({ message: error.message }, "the refusal is not written down");
  }
  for (const name of toCheck) ports.checkLater(name);
  for (const { name, kind } of failed)
    if (kind !== "unknown") await tell(name, toCheck.has(name), ports);
}

/** Git's own message names neither the account nor what to do. */
async function tell(name: string, isChecked: boolean, ports: Ports): Promise<void> {
  const refused = `git was refused with the token of account '${name}'`;
  const message = isChecked ? `${refused}, which is now being checked` : refused;
  await ports.warnRarely(`refusal ${name}`, message, "git credential-bitbucket status --check");
}

function isOfEnvironment(request: Request, ports: Ports): boolean {
  const { password } = request;
  if (password === undefined) return false;
  return environmentTokenFor(request, ports)?.secret.equals(password) === true;
}

/** There is nothing to write down: whoever set it has to know. */
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
