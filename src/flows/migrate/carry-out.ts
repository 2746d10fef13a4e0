// Does what was agreed to for one group. The account is stored before its secret is taken away from anywhere, so whatever
// ends the program, each secret is in one place at least.
import type { Account } from "../../accounts/account.ts";
import { HelperError } from "../../errors.ts";
import { keepCandidate } from "../login/candidate.ts";
import type { Context } from "../context.ts";
import type { Secret } from "../../secret.ts";
import type { UrlPlace } from "./login-url.ts";
import { newUrl } from "./new-url.ts";
import type { Place, Source, Taken } from "./place.ts";
import type { GroupSteps, Step } from "./steps.ts";

export interface Told {
  readonly onStored: (account: Account) => void;
  readonly onTaken: (source: Source, taken: Taken) => void;
  /** What could not be done; the rest goes on. */
  readonly onFailure: (error: HelperError) => void;
}

/** Secrets that have an account, by name; it grows from group to group. */
export type Kept = { readonly secret: Secret; readonly account: string }[];

/** Throws what is no HelperError. */
export async function carryOut(
  { steps }: GroupSteps,
  kept: Kept,
  context: Context,
  told: Told,
): Promise<void> {
  const possible: Step[] = [];
  for (const step of steps) {
    if (step.takes && (await attempt(() => keepSecret(step, kept, context, told), told)))
      possible.push(step);
  }
  const accounts = await context.registry.read();
  const rewrite = (place: Place): string =>
    newUrl(place as UrlPlace, accountOf(place.secret, kept), accounts, context.now());
  for (const source of new Set(possible.map((step) => step.source))) {
    const places = possible.filter((step) => step.source === source).map(({ place }) => place);
    await attempt(async () => {
      const taken = await source.take(places, rewrite);
      // Nothing is done where somebody else was faster.
      if (taken.done.length > 0) told.onTaken(source, taken);
    }, told);
  }
}

async function keepSecret({ item }: Step, kept: Kept, context: Context, told: Told): Promise<void> {
  if (item === undefined) return;
  const { action, secret } = item;
  if (accountOf(secret, kept) !== undefined) return;
  if (action.does === "drop") kept.push({ secret, account: action.account });
  if (action.does !== "move") return;
  const account = await keepCandidate(action.candidate, action.proof, action.place, context);
  kept.push({ secret, account: account.name });
  told.onStored(account);
}

function accountOf(secret: Secret | undefined, kept: Kept): string | undefined {
  return secret === undefined
    ? undefined
    : kept.find((other) => other.secret.equals(secret))?.account;
}

async function attempt(act: () => Promise<void>, { onFailure }: Told): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!(error instanceof HelperError) || error.code === "cancelled") throw error;
    onFailure(error);
    return false;
  }
}
