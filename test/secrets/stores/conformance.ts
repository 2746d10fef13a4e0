// What every store must do, run over each of them. docs/design.md, "Stores".
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import type { Store } from "../../../src/secrets/stores/store.ts";
import type { StoreAnswer } from "./store-worker.ts";

export interface StoreUnderTest {
  readonly store: Store;
  close(): Promise<void>;
}

/** A store that outlives its process. */
export interface SharedStoreUnderTest extends StoreUnderTest {
  /** The same secrets through another object. */
  readonly again: Store;
  /** The same secrets in another process: get, set and delete with a key, or list. */
  readonly elsewhere: (args: readonly string[], secret?: string) => Promise<StoreAnswer>;
}

const oddKeys = [
  "work/0123456789ab",
  "WORK/0123456789ab",
  "work",
  "work/0123456789ab/0",
  "work%2f0123456789ab",
  "../escape",
  ".work.age",
  "-n",
  "a b*c?",
  "__proto__",
  "caf\u00e9",
  "cafe\u0301",
  "計畫/😀",
];

const oddSecrets: readonly (readonly [what: string, value: string])[] = [
  ["of 10 kB", "x".repeat(10_240)],
  ["of 10 kB of two-byte characters", "é".repeat(5120)],
  ["of one character", "x"],
  ["with quotes, backslashes and dollars", String.raw`"it's" \n $HOME ${"`id`"} %s`],
  ["with spaces at its ends", "  a secret\t "],
  ["that looks like JSON", `{"value":null}`],
  ["beyond the basic plane", "pass😀word𐍈"],
  ["that looks like the header of chunks", "git-credential-bitbucket chunks 0 1 2"],
  ["with a byte order mark", "\u{feff}secret"],
];

/** @param open makes an empty store; every test leaves it empty. */
export function describeStore(title: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${title} as a store`, () => {
    const current = openForAll(open);
    testStore(() => current().store);
  });
}

/** @param open as for describeStore. */
export function describeSharedStore(
  title: string,
  open: () => Promise<SharedStoreUnderTest>,
): void {
  describe(`${title} as a store`, () => {
    const current = openForAll(open);
    testStore(() => current().store);
    testSharing(current);
  });
}

function openForAll<T extends StoreUnderTest>(open: () => Promise<T>): () => T {
  let subject: T;
  beforeAll(async () => {
    subject = await open();
  });
  // A real keyring may end under load: another try gets another one.
  beforeEach(async ({ task }) => {
    if ((task.result?.retryCount ?? 0) === 0) return;
    await subject.close();
    subject = await open();
  });
  afterEach(async () => {
    const { store } = subject;
    for (const key of await store.list()) await store.delete(key);
  });
  afterAll(async () => {
    await subject.close();
  });
  return () => subject;
}

function testStore(current: () => Store): void {
  const reveal = async (key: string) => (await current().get(key))?.reveal();

  it("has nothing at first, and says so without failing", async () => {
    const store = current();
    expect(await store.get("work/1")).toBeUndefined();
    expect(await store.delete("work/1")).toBe(false);
    expect(await store.list()).toEqual([]);
  });

  it("gives back what was set, and the new one after another set", async () => {
    const store = current();
    await store.set("work/1", new Secret("first"));
    expect(await reveal("work/1")).toBe("first");
    await store.set("work/1", new Secret("second"));
    expect(await reveal("work/1")).toBe("second");
    expect(await store.list()).toEqual(["work/1"]);
  });

  it("deletes one and tells that it was there", async () => {
    const store = current();
    await store.set("work/1", new Secret("first"));
    await store.set("work/2", new Secret("second"));
    expect(await store.delete("work/1")).toBe(true);
    expect(await store.get("work/1")).toBeUndefined();
    expect(await reveal("work/2")).toBe("second");
    expect(await store.list()).toEqual(["work/2"]);
    expect(await store.delete("work/1")).toBe(false);
  });

  it("keeps keys apart however alike they are", async () => {
    const store = current();
    for (const key of oddKeys) await store.set(key, new Secret(`secret of ${key}`));
    expect((await store.list()).toSorted()).toEqual(oddKeys.toSorted());
    expect(await Promise.all(oddKeys.map(reveal))).toEqual(
      oddKeys.map((key) => `secret of ${key}`),
    );
  });

  it.each(oddSecrets)("keeps a secret %s", async (_, value) => {
    const store = current();
    await store.set("work/1", new Secret(value));
    expect(await reveal("work/1")).toBe(value);
  });

  it("takes many at once", async () => {
    const store = current();
    const keys = Array.from({ length: 4 }, (_, index) => `work/${index}`);
    await Promise.all(keys.map((key) => store.set(key, new Secret(`secret of ${key}`))));
    expect(await Promise.all(keys.map(reveal))).toEqual(keys.map((key) => `secret of ${key}`));
  });

  it("hands out secrets that do not print", async () => {
    const store = current();
    await store.set("work/1", new Secret("a secret"));
    expect(JSON.stringify(await store.get("work/1"))).toBe('"[secret]"');
  });
}

function testSharing(current: () => SharedStoreUnderTest): void {
  it("is one store for all objects and processes", async () => {
    const { store, again, elsewhere } = current();
    await store.set("work/1", new Secret("from here"));
    expect((await again.get("work/1"))?.reveal()).toBe("from here");
    expect(await elsewhere(["get", "work/1"])).toEqual({ value: "from here" });
    expect(await elsewhere(["set", "work/2"], "from there")).toEqual({ value: null });
    expect((await again.get("work/2"))?.reveal()).toBe("from there");
    expect(await elsewhere(["list"])).toEqual({
      value: expect.toSatisfy((keys: string[]) => keys.toSorted().join() === "work/1,work/2"),
    });
    expect(await elsewhere(["delete", "work/1"])).toEqual({ value: true });
    expect(await store.get("work/1")).toBeUndefined();
  });

  it("loses nothing when processes write at once", async () => {
    const { store, elsewhere } = current();
    const values = ["one", "two", "three"].map((value) => value.repeat(800));
    await Promise.all(
      values.flatMap((value, index) => [
        elsewhere(["set", "shared"], value),
        elsewhere(["set", `own/${index}`], value),
      ]),
    );
    expect(values).toContain((await store.get("shared"))?.reveal());
    const own = await Promise.all(values.map((_, index) => store.get(`own/${index}`)));
    expect(own.map((secret) => secret?.reveal())).toEqual(values);
  });
}
