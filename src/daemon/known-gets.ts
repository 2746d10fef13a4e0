// Questions understood before: git asks the same ones all day, and reading them takes longer than answering.
// What is kept is what they mean, never their answer.
import type { Account } from "../accounts/account.ts";
import { accountState } from "../accounts/account.ts";
import { chooseAccount, type Choice } from "../accounts/choose.ts";
import type { Request } from "../protocol/request.ts";
import type { Caller } from "./caller.ts";

export interface KnownGet {
  readonly caller: Caller;
  readonly request: Request;
  /** As chooseAccount chooses, but only looks when something changed. */
  choose(accounts: readonly Account[], now: number): Choice;
}

export interface KnownGets {
  find(question: string): KnownGet | undefined;
  add(question: string, caller: Caller, request: Request): KnownGet;
}

const most = 2000;
const longestQuestion = 8192;

export function openKnownGets(): KnownGets {
  const known = new Map<string, KnownGet>();
  return {
    find: (question) => known.get(question),
    add(question, caller, request) {
      const get = understand(caller, request);
      const holdsSecret = request.password !== undefined || request.oauthRefreshToken !== undefined;
      if (holdsSecret || question.length > longestQuestion) return get;
      if (known.size >= most) known.delete(known.keys().next().value ?? "");
      known.set(question, get);
      return get;
    },
  };
}

function understand(caller: Caller, request: Request): KnownGet {
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
