// store: git says that a credential worked. Whatever changes an account is the helper's work; the daemon only knows when
// nothing is to be done.
import { type Account, isPastEnd } from "../accounts/account.ts";
import { isLearned, isOfPlace, placeOf } from "../accounts/learned.ts";
import { fitOf, isReportFor } from "../accounts/match.ts";
import { type BareRequest, readBareRequest } from "./bare-request.ts";
import type { SecretName } from "./cache.ts";
import type { Memory } from "./memory.ts";
import { formatAnswer } from "./wire.ts";

/** Throws HelperError for a request that the helper has to refuse. */
export async function answerStore(body: Buffer, memory: Memory): Promise<Buffer> {
  const bare = readBareRequest(body);
  if (bare.request.protocol !== "https") return formatAnswer("nothing");
  const owners = ownersOf(bare, memory);
  if (bare.isMasked || owners.length === 0) return formatAnswer("node");
  const accounts = (await memory.accounts.read()).filter((account) => isOneOf(account, owners));
  return formatAnswer(
    accounts.some((one) => isKnown(one, bare, memory.now())) ? "nothing" : "node",
  );
}

function ownersOf({ password }: BareRequest, memory: Memory): readonly SecretName[] {
  return password === undefined ? [] : memory.cache.owners(password);
}

function isOneOf(
  { name, secretKey }: Pick<Account, "name" | "secretKey">,
  owners: readonly SecretName[],
): boolean {
  return owners.some((owner) => owner.account === name && owner.secretKey === secretKey);
}

/**
 * Whether the helper would change nothing: the account is approved, also for this repository of its project, and git
 * reports nothing of it that is not known.
 */
function isKnown(
  account: Account,
  { request, hasRefreshToken }: BareRequest,
  now: number,
): boolean {
  if (account.state !== "approved" || account.host !== request.host) return false;
  if (account.refusals !== undefined || isPastEnd(account, now)) return false;
  if (hasRefreshToken || !isExpiryKnown(account, request)) return false;
  if (isLearned(account)) {
    const place = placeOf(request);
    return place !== undefined && isOfPlace(account, place);
  }
  if (!isReportFor(account, request)) return false;
  if (account.scope.level !== "project") return true;
  const { place } = request;
  return typeof place === "object" && fitOf(account, place) === "project";
}

function isExpiryKnown({ expires }: Account, { passwordExpiry }: BareRequest["request"]): boolean {
  if (passwordExpiry === undefined) return true;
  return expires !== undefined && Date.parse(expires) === passwordExpiry * 1000;
}
