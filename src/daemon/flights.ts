// Single flight: of many who need the same thing from the helper, one goes and the others wait. docs/design.md, "The daemon".
// The one who goes holds a ticket, and the helper that it starts takes a lease on it: as long as that connection lives,
// somebody is at work. Nobody waits on a connection for long, so that a front can tell a waiting daemon from a stopped
// one: it is told to ask again.
import { randomBytes } from "node:crypto";
import { type Deferred, deferred } from "./deferred.ts";

/** How it came out: filled, ask the cache · nothing to be had · the person cancelled. */
export const outcomes = ["filled", "nothing", "cancelled"] as const;
export type Outcome = (typeof outcomes)[number];

export type Joined =
  | { readonly role: "first"; readonly ticket: string }
  /** The flight is over: look again, and tell those who waited for this what came of it. */
  | { readonly role: "late"; readonly outcome: Outcome }
  | { readonly role: "waiting" }
  /** So much is under way that nothing more is remembered: everybody goes. */
  | { readonly role: "alone" };

export const flightTimes = {
  /** The helper has this long to start and take its lease. */
  lease: 5000,
  /** The longest that others wait for a prompt. docs/design.md, "The daemon". */
  flight: 120_000,
  /** One wait. Well below the front's limit of two seconds for an answer. */
  poll: 1000,
  /** How long an outcome is told to those who were between two questions. */
  memory: 3000,
} as const;

/** Under way at once, and outcomes remembered. Who asks for more at a time is no person. */
const most = 256;
/** Hosts, paths and files that decide; text of a caller's. */
const longestKey = 4096;

export interface Flights {
  /**
   * Resolves after flightTimes.poll at the latest.
   * @param note given back to whoever has the ticket; waited: true for someone who was told to ask again.
   */
  join(key: string, note: string, waited: boolean): Promise<Joined>;
  /** The helper of this ticket is at work. @returns the note; undefined when the ticket is no more that of a flight. */
  lease(ticket: string): string | undefined;
  /** The flight is over; without an outcome its helper died, and the next to ask goes in its place. */
  end(ticket: string, outcome: Outcome | undefined): void;
  /** How many are under way. */
  readonly size: number;
}

interface Flight {
  readonly key: string;
  readonly ticket: string;
  readonly note: string;
  readonly over: Deferred<Outcome | undefined>;
  limit: NodeJS.Timeout;
}

/** @param times only tests give others. */
export function openFlights(times: Readonly<Record<keyof typeof flightTimes, number>>): Flights {
  const byKey = new Map<string, Flight>();
  const byTicket = new Map<string, Flight>();
  const past = new Map<string, Outcome>();

  function end(ticket: string, outcome: Outcome | undefined): void {
    const flight = byTicket.get(ticket);
    if (flight === undefined) return;
    clearTimeout(flight.limit);
    byTicket.delete(ticket);
    byKey.delete(flight.key);
    if (outcome !== undefined) remember(flight.key, outcome);
    flight.over.resolve(outcome);
  }

  function remember(key: string, outcome: Outcome): void {
    if (past.size >= most) past.delete(past.keys().next().value ?? "");
    past.set(key, outcome);
    setTimeout(() => {
      if (past.get(key) === outcome) past.delete(key);
    }, times.memory).unref();
  }

  function begin(key: string, note: string): Flight {
    const ticket = randomBytes(12).toString("hex");
    const over = deferred<Outcome | undefined>();
    const flight = { key, ticket, note, over, limit: limited(ticket, times.lease) };
    byKey.set(key, flight);
    byTicket.set(ticket, flight);
    return flight;
  }

  function limited(ticket: string, milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      end(ticket, undefined);
    }, milliseconds).unref();
  }

  return {
    async join(key, note, waited) {
      const flight = byKey.get(key);
      const known = waited ? past.get(key) : undefined;
      if (flight === undefined && known !== undefined) return { role: "late", outcome: known };
      if (flight === undefined) {
        const isTooMuch = byKey.size >= most || key.length + note.length > longestKey;
        return isTooMuch ? { role: "alone" } : { role: "first", ticket: begin(key, note).ticket };
      }
      const slept = deferred<"slept">();
      const timer = setTimeout(slept.resolve, times.poll, "slept");
      const outcome = await Promise.race([flight.over.promise, slept.promise]);
      clearTimeout(timer);
      if (outcome === "slept") return { role: "waiting" };
      // Its helper died: whoever notices first goes next.
      return outcome === undefined ? { role: "waiting" } : { role: "late", outcome };
    },
    lease(ticket) {
      const flight = byTicket.get(ticket);
      if (flight === undefined) return undefined;
      clearTimeout(flight.limit);
      flight.limit = limited(ticket, times.flight);
      return flight.note;
    },
    end,
    get size() {
      return byKey.size;
    },
  };
}
