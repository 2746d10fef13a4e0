// What other programs keep in a real Secret Service: found, read and deleted without a prompt.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteItems, findItems } from "../../../src/secrets/stores/secret-items.ts";
import { type Keyring, openKeyring } from "../../support/keyring.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";

let sandbox: Sandbox;
let keyring: Keyring;

beforeEach(async () => {
  sandbox = await openSandbox();
  keyring = await openKeyring(sandbox.env, "unlocked");
});
afterEach(async () => {
  await keyring.close();
  await sandbox.close();
});

async function put(secret: string, ...attributes: string[]): Promise<void> {
  const options = { env: keyring.env, input: secret };
  const { exitCode } = await sandbox.run(
    "secret-tool",
    ["store", "--label=A label, ü", ...attributes],
    options,
  );
  expect(exitCode).toBe(0);
}

describe("items", () => {
  test("are found by any of the searches, each once, with whatever is in them", async () => {
    await put("one\ntwo\n", "app", "x", "user", "alice");
    await put("", "app", "x", "user", "bob");
    await put("other", "app", "y");
    const { items, locked } = await findItems(keyring.env, [{ app: "x" }, { user: "alice" }]);
    expect(locked).toBe(0);
    const found = items.map(({ label, attributes, secret }) => [
      label,
      attributes.get("app"),
      attributes.get("user"),
      secret.reveal(),
    ]);
    // The service promises no order.
    expect(found.toSorted(([, , one = ""], [, , other = ""]) => (one < other ? -1 : 1))).toEqual([
      ["A label, ü", "x", "alice", "one\ntwo\n"],
      ["A label, ü", "x", "bob", ""],
    ]);
  });

  test("with long values and empty ones are read whole", async () => {
    const secret = "s".repeat(8001); // secret-tool takes little more
    await put(secret, "app", "x", "long", "a".repeat(3001), "z", "");
    const { items } = await findItems(keyring.env, [{ app: "x" }]);
    expect(items.map((item) => item.secret.reveal() === secret)).toEqual([true]);
    expect(items[0]?.attributes.get("long")).toHaveLength(3001);
    expect(items[0]?.attributes.get("z")).toBe("");
  });

  test("are deleted one by one, and others stay", async () => {
    await put("one", "app", "x", "user", "alice");
    await put("two", "app", "x", "user", "bob");
    const { items } = await findItems(keyring.env, [{ app: "x", user: "alice" }]);
    expect(await deleteItems(keyring.env, items)).toEqual(items);
    const left = await findItems(keyring.env, [{ app: "x" }]);
    expect(left.items.map(({ secret }) => secret.reveal())).toEqual(["two"]);
  });

  test("stay when they have got another secret meanwhile, or are gone", async () => {
    await put("one", "app", "x", "user", "alice");
    await put("two", "app", "x", "user", "bob");
    const { items } = await findItems(keyring.env, [{ app: "x" }]);
    await put("new", "app", "x", "user", "alice");
    await sandbox.run("secret-tool", ["clear", "user", "bob"], { env: keyring.env });
    expect(await deleteItems(keyring.env, items)).toEqual([]);
    const left = await findItems(keyring.env, [{ app: "x" }]);
    expect(left.items.map(({ secret }) => secret.reveal())).toEqual(["new"]);
  });

  test("of a locked keyring are counted and not read", async () => {
    await put("one", "app", "x");
    await keyring.lock();
    expect(await findItems(keyring.env, [{ app: "x" }])).toEqual({ items: [], locked: 1 });
  });
});

test.each([
  ["no-bus", "there is no keychain: this session has no D-Bus"],
  ["no-service", "there is no keychain: no Secret Service runs in this session"],
] as const)("with %s it says so", async (state, message) => {
  const other = await openSandbox();
  const none = await openKeyring(other.env, state);
  await expect(findItems(none.env, [{ app: "x" }])).rejects.toMatchObject({
    code: "store-unavailable",
    message,
  });
  await none.close();
  await other.close();
});

test("a service that does not answer is not waited for", async () => {
  keyring.stall();
  await expect(findItems(keyring.env, [{ app: "x" }])).rejects.toMatchObject({
    code: "store-unavailable",
    message: "the keychain did not answer within 3 s",
  });
  keyring.resume();
});
