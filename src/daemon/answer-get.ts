// A get: the answer from memory, or who has to find it. The daemon never opens a store, never asks anybody, never uses
// the network; what it cannot know for certain it leaves to the helper.
import { type Account, answerUsername } from "../accounts/account.ts";
import type { Chosen } from "../accounts/choice.ts";
import { isReady, isRested } from "../accounts/check-due.ts";
import { formatAttributes } from "../protocol/attributes.ts";
import { formatQuit } from "../protocol/credential.ts";
import type { Settings } from "../settings/settings.ts";
import type { KnownGet } from "./known-gets.ts";
import type { Memory } from "./memory.ts";
import { type SettingsSnapshot, snapshotKey } from "./settings-snapshots.ts";
import { formatAnswer } from "./wire.ts";

const ownHost = "bitbucket.org";
/** Two minutes of waiting, with one question a second. docs/design.md, "The daemon". */
const mostWaits = 120;

/** @returns the bytes of an answer. Throws what the accounts file throws when it cannot be read. */
export async function answerGet(get: KnownGet, memory: Memory): Promise<Buffer> {
  if (get.request.protocol !== "https") return formatAnswer("nothing");
  const first = await look(get, get.caller.waited, memory);
  if (first !== "look again") return first;
  const second = await look(get, get.caller.waited + 1, memory);
  return second === "look again" ? formatAnswer("again") : second;
}

type Found = Buffer | "look again";

async function look(get: KnownGet, waited: number, memory: Memory): Promise<Found> {
  const { caller, request } = get;
  const known = findRules(get, memory);
  // What `lock` promises: no secret leaves, and nobody is asked for one either. Whether a host that is not known here is
  // ours, the helper knows, and it says the same.
  if (memory.isLocked()) {
    const isOurs = request.host === ownHost ? true : known?.rules?.ours;
    return formatAnswer(isOurs === undefined ? "node" : isOurs ? "locked" : "nothing");
  }
  if (known === undefined) return formatAnswer("node");
  const { stamp, rules } = known;
  const wait = (key: string) => join(key, stamp, waited, memory);
  if (rules === undefined) return await wait(`settings\n${stamp}`);
  if (!rules.ours) return formatAnswer("nothing");
  if (!rules.serve) return formatAnswer("node");
  const choice = get.choose(await memory.accounts.read(), memory.now());
  if (choice.account === undefined) {
    return caller.mayAsk && rules.asks ? await wait(`miss\n${request.host}`) : formatAnswer("node");
  }
  const { name, secretKey } = choice.account;
  const secret = isServable(choice, rules.validate, memory)
    ? memory.cache.get({ account: name, secretKey })
    : undefined;
  if (secret === undefined) return await wait(`account\n${name}\n${secretKey}`);
  memory.counts.hits += 1;
  return formatCached(choice.account, request, secret);
}

/** @returns undefined when only git can tell which settings hold; no rules when the helper has not said them yet. */
function findRules(
  { caller, request }: KnownGet,
  memory: Memory,
): { readonly stamp: string; readonly rules: SettingsSnapshot | undefined } | undefined {
  const state = memory.config.state(caller);
  if (state.kind === "unclear") return undefined;
  const stamp = snapshotKey(state.kind === "plain" ? "plain" : state.stamp, request);
  const isPlain = state.kind === "plain" && request.host === ownHost;
  return { stamp, rules: isPlain ? plain : memory.snapshots.get(stamp) };
}

/** What holds where no configuration mentions us. */
const plain: SettingsSnapshot = { ours: true, serve: true, asks: true, validate: "first-use" };

function isServable(choice: Chosen, validate: Settings["validate"], memory: Memory): boolean {
  const { account } = choice;
  const now = memory.now();
  // Git wants the refresh token beside it, and that is in the store.
  if (account.hasRefreshToken === true) return false;
  if (!isReady(account, validate, now)) return false;
  return validate === "never" || choice.uncertainProject !== true || !isRested(account, now);
}

/** Goes first, or waits for who did. */
async function join(key: string, stamp: string, waited: number, memory: Memory): Promise<Found> {
  if (waited >= mostWaits) return formatAnswer("node");
  const joined = await memory.flights.join(key, stamp, waited > 0);
  switch (joined.role) {
    case "first":
      memory.counts.misses += 1;
      return formatAnswer("node", formatAttributes([["ticket", joined.ticket]]));
    case "waiting":
      return formatAnswer("again");
    case "alone":
      return formatAnswer("node");
    case "late":
      if (joined.outcome === "cancelled") return formatAnswer("answer", formatQuit());
      return joined.outcome === "filled" ? "look again" : formatAnswer("node");
  }
}

/** The secret is copied into the answer and nowhere else. It came as one attribute, so it can be written as one. */
function formatCached(account: Account, request: KnownGet["request"], secret: Uint8Array): Buffer {
  const username = formatAttributes([["username", answerUsername(account, request)]]);
  const expiry =
    account.expires === undefined
      ? Buffer.alloc(0)
      : formatAttributes([
          ["password_expiry_utc", String(Math.floor(Date.parse(account.expires) / 1000))],
        ]);
  return formatAnswer("answer", username, passwordStart, secret, lineEnd, expiry);
}

const passwordStart = Buffer.from("password=");
const lineEnd = Buffer.from("\n");
