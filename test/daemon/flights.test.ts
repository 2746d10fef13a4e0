import { describe, expect, test } from "vitest";
import { flightTimes, type Flights, openFlights } from "../../src/daemon/flights.ts";

const quick = { lease: 50, flight: 400, poll: 30, memory: 100 };
const unhurried = { lease: 60_000, flight: 60_000, poll: 60_000, memory: 60_000 };

async function begin(flights: Flights, key = "k"): Promise<string> {
  const joined = await flights.join(key, `note of ${key}`, false);
  if (joined.role !== "first") throw new Error(`expected to be first, is ${joined.role}`);
  return joined.ticket;
}

describe("single flight", () => {
  test("one goes, the others hear of it", async () => {
    const flights = openFlights(unhurried);
    const ticket = await begin(flights);
    const others = Array.from({ length: 50 }, () => flights.join("k", "", false));
    expect(flights.lease(ticket)).toBe("note of k");
    flights.end(ticket, "filled");
    for (const other of await Promise.all(others)) {
      expect(other).toEqual({ role: "late", outcome: "filled" });
    }
    expect(flights.size).toBe(0);
  });

  test("flights of different keys know nothing of each other", async () => {
    const flights = openFlights(unhurried);
    const [one, other] = [await begin(flights, "a"), await begin(flights, "b")];
    expect(one).not.toBe(other);
    expect(flights.size).toBe(2);
  });

  test("nobody waits on a connection for long", async () => {
    const flights = openFlights({ ...unhurried, poll: 30 });
    await begin(flights);
    expect(await flights.join("k", "", false)).toEqual({ role: "waiting" });
  });

  test("when the helper dies, the next to ask goes in its place", async () => {
    const flights = openFlights(unhurried);
    const ticket = await begin(flights);
    flights.lease(ticket);
    const waiting = flights.join("k", "", false);
    flights.end(ticket, undefined);
    expect(await waiting).toEqual({ role: "waiting" });
    expect((await flights.join("k", "", true)).role).toBe("first");
  });

  test("a helper that never starts is not waited for", async () => {
    const flights = openFlights({ ...unhurried, lease: 50 });
    const ticket = await begin(flights);
    expect(await flights.join("k", "", false)).toEqual({ role: "waiting" });
    expect(flights.lease(ticket)).toBeUndefined();
    expect((await flights.join("k", "", true)).role).toBe("first");
  });

  test("a helper at work is waited for longer than one that has not started", async () => {
    const flights = openFlights(quick);
    const ticket = await begin(flights);
    flights.lease(ticket);
    const ends: string[] = [];
    while (ends.at(-1) !== "first") ends.push((await flights.join("k", "", true)).role);
    expect(ends.length).toBeGreaterThan(quick.flight / quick.poll / 2);
  });
});

describe("outcomes", () => {
  test.each(["filled", "nothing", "cancelled"] as const)(
    "%s is told to who was between two questions, but not to who comes new",
    async (outcome) => {
      const flights = openFlights(unhurried);
      flights.end(await begin(flights), outcome);
      expect(await flights.join("k", "", true)).toEqual({ role: "late", outcome });
      expect((await flights.join("k", "", false)).role).toBe("first");
    },
  );

  test("are forgotten after a while", async () => {
    const flights = openFlights(quick);
    flights.end(await begin(flights), "cancelled");
    await expect.poll(async () => (await flights.join("k", "", true)).role).toBe("first");
  });

  test("of a ticket nobody has change nothing", async () => {
    const flights = openFlights(unhurried);
    await begin(flights);
    flights.end("not a ticket", "filled");
    expect(flights.size).toBe(1);
  });
});

test("the times are those that the specification and the front count on", () => {
  expect(flightTimes.flight).toBe(120_000);
  expect(flightTimes.poll).toBeLessThan(2000);
});
