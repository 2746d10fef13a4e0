// The plan by groups, as it is asked and carried out: what happens in each place.
import type { Plan, PlanItem } from "./decide.ts";
import type { FoundPlace } from "./found-secret.ts";
import type { UrlPlace } from "./login-url.ts";
import { isDeadUsername } from "./new-url.ts";
import { type GroupName, groupNames, type Place, type Source } from "./place.ts";

/** One place and what happens to it; without an item it is a URL whose username is taken out. */
export interface Step extends FoundPlace {
  readonly item?: PlanItem | undefined;
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
  if (place.secret === undefined)
    return isDeadUsername(place as UrlPlace, plan.accounts, now)
      ? { source, place, takes: true }
      : undefined;
  const item = plan.items.find(({ places }) => places.some((found) => found.place === place));
  return item === undefined ? undefined : { source, place, item, takes: takes(source, item) };
}

/** Nothing is lost: where no backup remains, only what is surely dead or kept elsewhere goes. */
function takes({ hasBackups }: Source, { action }: PlanItem): boolean {
  switch (action.does) {
    case "move":
      return true;
    case "drop":
      return action.same || hasBackups;
    case "delete":
      return action.certain || hasBackups;
    case "leave":
      return false;
  }
}
