import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { type Cache, longestLifetimeSeconds, openCache } from "../../src/daemon/cache.ts";

let now = 1_000_000;
let cache: Cache;
const work = { account: "work", secretKey: "work/1" };
const renewed = { account: "work", secretKey: "work/2" };
const secret = (text: string) => Buffer.from(text);

beforeEach(() => {
  now = 1_000_000;
  cache = openCache(() => now);
});

describe("lifetimes", () => {
  test("slide with every use", () => {
    cache.put(work, secret("a"), 900);
    for (let use = 0; use < 5; use += 1) {
      now += 899_000;
      expect(cache.get(work)?.toString()).toBe("a");
    }
    now += 900_000;
    expect(cache.get(work)).toBeUndefined();
  });

  test("end after eight hours, however often it is used", () => {
    cache.put(work, secret("a"), 900);
    const end = now + longestLifetimeSeconds * 1000;
    while (now + 600_000 < end) {
      now += 600_000;
      expect(cache.get(work)).toBeDefined();
    }
    now = end;
    expect(cache.get(work)).toBeUndefined();
    expect(longestLifetimeSeconds).toBe(8 * 3600);
  });

  test("are no longer than eight hours when more is asked for", () => {
    cache.put(work, secret("a"), 10 * 24 * 3600);
    now += longestLifetimeSeconds * 1000;
    expect(cache.get(work)).toBeUndefined();
  });

  test("of nothing keep nothing", () => {
    cache.put(work, secret("a"), 0);
    expect(cache.get(work)).toBeUndefined();
  });

  test("are over when the clock is set back", () => {
    cache.put(work, secret("a"), 900);
    now -= 1;
    expect(cache.get(work)).toBeUndefined();
  });

  test("end by themselves in a sweep, and not before", () => {
    cache.put(work, secret("a"), 900);
    now += 899_999;
    cache.sweep();
    expect(cache.facts()).toHaveLength(1);
    now += 1;
    cache.sweep();
    expect(cache.facts()).toHaveLength(0);
  });
});

describe("names", () => {
  test("a renewed account never gets its old secret", () => {
    cache.put(work, secret("old"), 900);
    expect(cache.get(renewed)).toBeUndefined();
    cache.put(renewed, secret("new"), 900);
    expect(cache.get(renewed)?.toString()).toBe("new");
    expect(cache.get(work)?.toString()).toBe("old");
  });

  test("cannot be mixed up by where they are cut", () => {
    cache.put({ account: "a", secretKey: "b c" }, secret("1"), 900);
    expect(cache.get({ account: "a b", secretKey: "c" })).toBeUndefined();
  });

  test("the owner of a secret is found as long as it is kept", () => {
    cache.put(work, secret("a"), 900);
    expect(cache.owners(secret("a"))).toEqual([work]);
    expect(cache.owners(secret("b"))).toEqual([]);
    now += 900_000;
    expect(cache.owners(secret("a"))).toEqual([]);
  });

  test("asking for an owner is no use of the secret", () => {
    cache.put(work, secret("a"), 900);
    now += 800_000;
    cache.owners(secret("a"));
    now += 100_000;
    expect(cache.get(work)).toBeUndefined();
  });
});

describe("bytes", () => {
  test("are a copy: the giver may wipe its own", () => {
    const given = secret("a");
    cache.put(work, given, 900);
    given.fill(0);
    expect(cache.get(work)?.toString()).toBe("a");
  });

  test.each([
    [
      "dropped",
      () => {
        cache.drop(() => true);
      },
    ],
    [
      "replaced",
      () => {
        cache.put(work, secret("b"), 900);
      },
    ],
    [
      "over",
      () => {
        now += 900_000;
        cache.sweep();
      },
    ],
  ])("are zero once the entry is %s", (_how, end) => {
    cache.put(work, secret("abc"), 900);
    const held = cache.get(work);
    end();
    expect(held?.equals(Buffer.alloc(3))).toBe(true);
  });

  test("facts never hold a secret", () => {
    cache.put(work, secret("very secret"), 900);
    now += 60_000;
    expect(cache.facts()).toEqual([{ ...work, ageSeconds: 60, leftSeconds: 840 }]);
  });
});

test("behaves like a plain list of entries with ends", () => {
  const names = fc.constantFrom(work, renewed, { account: "other", secretKey: "other/1" });
  const step = fc.oneof(
    fc.record({
      do: fc.constant("put" as const),
      name: names,
      bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
      life: fc.integer({ min: 1, max: 50_000 }),
    }),
    fc.record({ do: fc.constant("get" as const), name: names }),
    fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 0, max: 20_000 }) }),
    fc.record({ do: fc.constant("drop" as const), name: names }),
  );
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    let time = 0;
    const real = openCache(() => time);
    const model = new Map<string, { bytes: string; made: number; used: number; life: number }>();
    for (const each of steps) {
      if (each.do === "wait") time += each.seconds * 1000;
      else if (each.do === "put") {
        real.put(each.name, each.bytes, each.life);
        const life = Math.min(each.life, longestLifetimeSeconds) * 1000;
        model.set(each.name.secretKey, {
          bytes: Buffer.from(each.bytes).toString("hex"),
          made: time,
          used: time,
          life,
        });
      } else if (each.do === "drop") {
        real.drop(({ secretKey }) => secretKey === each.name.secretKey);
        model.delete(each.name.secretKey);
      } else {
        const known = model.get(each.name.secretKey);
        const isAlive =
          known !== undefined &&
          time < known.used + known.life &&
          time < known.made + longestLifetimeSeconds * 1000;
        const got = real.get(each.name)?.toString("hex");
        if (got !== (isAlive ? known.bytes : undefined)) return false;
        if (isAlive) known.used = time;
        else model.delete(each.name.secretKey);
      }
    }
    return true;
  });
  expect(() => {
    fc.assert(property);
  }).not.toThrow();
});
