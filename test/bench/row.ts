// One line of the table, and how two medians become one.
import type { Pair } from "./measure.ts";

export interface Row {
  readonly what: string;
  /** Empty when a program that it needs is not installed. */
  readonly measured: string;
  readonly against?: string;
  readonly ratio?: string;
  /** The ratio of processor times. */
  readonly processor?: string;
  /** Undefined for what the specification says nothing of: the row then counts for nothing. */
  readonly must: string | undefined;
  /** Undefined when it was not measured, or has no limit. */
  readonly holds: boolean | undefined;
}

/** How often each of a pair is measured; the table shows medians. */
export const count = 60;

/** A row that holds when the first takes at most so many times as long as the second. */
export function rowOfMost(what: string, most: number, pair: Pair): Row {
  const { one, other, ratio } = pair;
  return {
    what,
    measured: milliseconds(one),
    against: milliseconds(other),
    ratio: `${ratio.toFixed(2)}×`,
    processor: processorOf(pair),
    must: `≤ ${most}×`,
    holds: ratio <= most,
  };
}

/** @param least how many times as fast the first must be at least; undefined where no limit is set. */
export function rowOfSpeed(what: string, least: number | undefined, pair: Pair): Row {
  const times = 1 / pair.ratio;
  return {
    what,
    measured: milliseconds(pair.one),
    against: milliseconds(pair.other),
    ratio: times >= 1 ? `${times.toFixed(1)}× faster` : `${pair.ratio.toFixed(1)}× slower`,
    processor: processorOf(pair),
    must: least === undefined ? undefined : mustBeFaster(least),
    holds: least === undefined ? undefined : times >= least,
  };
}

/** A row of the specification that cannot be measured here. */
export function rowNotMeasured(what: string, must: string | undefined): Row {
  return { what, measured: "", must, holds: undefined };
}

export function mustBeFaster(least: number): string {
  return least === 1 ? "faster" : `≥ ${least}× faster`;
}

function processorOf({ processorRatio }: Pair): string {
  return `${processorRatio.toFixed(2)}×`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(1)} ms`;
}
