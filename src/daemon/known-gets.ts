// Questions understood before: git asks the same ones all day, and reading them takes longer than answering.
// What is kept is what they mean, never their answer.
import { hash } from "node:crypto";
import type { Account } from "../accounts/account.ts";
import { accountState } from "../accounts/account.ts";
import type { Choice } from "../accounts/choice.ts";
import { chooseAccount } from "../accounts/choose.ts";
import type { BareRequest } from "./bare-request.ts";
import type { Caller } from "./caller.ts";

export interface KnownGet {
  readonly caller: Caller;
  readonly request: BareRequest["request"];
  /** As chooseAccount chooses, but only looks when something changed. */
  choose(accounts: readonly Account[], now: number): Choice;
}

export interface KnownGets {
  find(question: Uint8Array): KnownGet | undefined;
  /** @param isKept false for a question that holds a secret: its meaning does not, but who sends one asks once. */
  add(
    question: Uint8Array,
    caller: Caller,
    request: BareRequest["request"],
    isKept: boolean,
  ): KnownGet;
}

const most = 2000;
const longestQuestion = 8192;
/** Of all questions together: what is kept of one is little more than its text. A home with 2,000 repositories has half. */
const mostBytes = 2 << 20;

interface Kept {
  readonly get: KnownGet;
  readonly bytes: number;
}

export function openKnownGets(): KnownGets {
  const known = new Map<string, Kept>();
  let total = 0;

  function dropOldest(): void {
    const [oldest = ""] = known.keys();
    total -= known.get(oldest)?.bytes ?? 0;
    known.delete(oldest);
  }

  return {
    find: (question) => known.get(nameOf(question))?.get,
    add(question, caller, request, isKept) {
      const get = understand(caller, request);
      const bytes = question.length;
      if (!isKept || bytes > longestQuestion) return get;
      while (known.size >= most || total + bytes > mostBytes) dropOldest();
      known.set(nameOf(question), { get, bytes });
      total += bytes;
      return get;
    },
  };
}

/** A digest, so that no question becomes text before it is known to hold no secret. */
function nameOf(question: Uint8Array): string {
  return hash("sha256", question, "base64");
}

function understand(caller: Caller, request: BareRequest["request"]): KnownGet {
  let last: { readonly accounts: readonly Account[]; readonly choice: Choice } | undefined;
  return {
    caller,
    request,
    choose(accounts, now) {
      // The registry's array is another one whenever the file is. As long as the chosen account can be served, time
      // alone takes others out of the choice, but never this one.
      const account = last?.choice.account;
      const isFresh = account !== undefined && accountState(account, now) !== "expired";
      if (last?.accounts === accounts && isFresh) return last.choice;
      last = { accounts, choice: chooseAccount(request, accounts, now) };
      return last.choice;
    },
  };
}
