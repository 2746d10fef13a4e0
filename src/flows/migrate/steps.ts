// The plan by groups, as it is asked and carried out: what happens in each place.
import type { Account } from "../../accounts/account.ts";
import type { Decided, Plan } from "./fate.ts";
import type { LoginUrl } from "./login-url.ts";
import { isDeadUsername } from "./new-url.ts";
import { type GroupName, groupNames, type Place, type Source } from "./place.ts";

/** One place and what happens to it; without a decision it is a URL whose username is taken out. */
export interface Step {
  readonly source: Source;
  readonly place: Place;
  readonly decided?: Decided | undefined;
  /** False for what is left where it is. */
  readonly takes: boolean;
}

export interface GroupSteps {
  readonly group: GroupName;
  readonly steps: readonly Step[];
}

/** @returns the groups in which something was found. @param now milliseconds since 1970. */
export function groupSteps(
  sources: readonly Source[],
  plan: Plan,
  now: number,
): readonly GroupSteps[] {
  const steps = sources.flatMap((source) =>
    source.places.flatMap((place) => stepFor(source, place, plan, now) ?? []),
  );
  return groupNames.flatMap((group) => {
    const own = steps.filter(({ source }) => source.group === group);
    return own.length === 0 ? [] : [{ group, steps: own }];
  });
}

function stepFor(source: Source, place: Place, plan: Plan, now: number): Step | undefined {
  if (place.login.secret === undefined)
    return isDead(place, plan.accounts, now) ? { source, place, takes: true } : undefined;
  const decided = plan.decided.find(({ subject }) =>
    subject.found.some((found) => found.place === place),
  );
  return decided === undefined
    ? undefined
    : { source, place, decided, takes: takes(source, decided) };
}

function isDead({ login }: Place, accounts: readonly Account[], now: number): boolean {
  return isDeadUsername(login as LoginUrl, accounts, now);
}

/** Nothing is lost: where no backup remains, only what is surely dead or kept elsewhere goes. */
function takes({ hasBackups }: Source, { fate }: Decided): boolean {
  switch (fate.does) {
    case "move":
      return true;
    case "drop":
      return fate.same || hasBackups;
    case "delete":
      return fate.certain || hasBackups;
    case "leave":
      return false;
  }
}
