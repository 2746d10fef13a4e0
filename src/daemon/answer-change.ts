// store and erase: what git says about a credential. Whatever changes an account is the helper's work; the daemon only
// knows when nothing is to be done, and forgets at once what failed.
import type { Account } from "../accounts/account.ts";
import { fitOf, pathOf } from "../accounts/match.ts";
import { parseAttributes } from "../protocol/attributes.ts";
import { readRequest, type Request } from "../protocol/request.ts";
import type { Memory } from "./memory.ts";
import { formatAnswer } from "./wire.ts";

/** Throws HelperError for a request that the helper has to refuse. */
export async function answerStore(body: Buffer, memory: Memory): Promise<Buffer> {
  const request = readRequest(parseAttributes(body));
  if (request.protocol !== "https") return formatAnswer("nothing");
  const owner = ownerOf(request, memory);
  if (owner === undefined) return formatAnswer("node");
  const account = (await memory.accounts.read()).find(
    ({ name, secretKey }) => name === owner.account && secretKey === owner.secretKey,
  );
  return formatAnswer(account !== undefined && isKnown(account, request) ? "nothing" : "node");
}

/** Throws HelperError for a request that the helper has to refuse; then nothing is forgotten. */
export function answerErase(body: Buffer, memory: Memory): Buffer {
  const request = readRequest(parseAttributes(body));
  if (request.protocol !== "https") return formatAnswer("nothing");
  const owner = ownerOf(request, memory);
  memory.cache.drop(
    (name) =>
      request.password === undefined ||
      (name.account === owner?.account && name.secretKey === owner.secretKey),
  );
  return formatAnswer("node");
}

function ownerOf(request: Request, memory: Memory) {
  return request.password === undefined
    ? undefined
    : memory.cache.owner(Buffer.from(request.password.reveal(), "utf8"));
}

/** Whether the helper would change nothing: the account is approved, also for this repository of its project. */
function isKnown(account: Account, request: Request): boolean {
  if (account.state !== "approved" || account.host !== request.host) return false;
  if (request.oauthRefreshToken !== undefined) return false;
  if (account.scope.level !== "project") return true;
  const path = pathOf(request);
  return path !== undefined && path !== "odd" && fitOf(account, path) === "project";
}
