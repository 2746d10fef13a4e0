import { format, inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { Secret } from "../src/secret.ts";

const secret = new Secret("hunter2");

describe("a secret", () => {
  test.each([
    ["a string", String(secret)],
    ["a list", [secret, secret].join(", ")],
    ["JSON", JSON.stringify({ secret, list: [secret] })],
    ["inspect", inspect({ secret }, { depth: 9, showHidden: true })],
    ["format", format("%s %o %O %j", secret, secret, secret, secret)],
    ["its keys", Object.getOwnPropertyNames(secret).join()],
    ["its entries", JSON.stringify(Object.entries(secret))],
    ["a copy", inspect(Object.assign({}, secret))],
    ["an error's cause", inspect(new Error("x", { cause: secret }))],
  ])("does not print in %s", (_place, text) => {
    expect(text).not.toContain("hunter2");
  });

  test("cannot be cloned to another thread with what it holds", () => {
    expect(inspect(structuredClone(secret))).not.toContain("hunter2");
  });

  test("is revealed on purpose only", () => {
    expect(secret.reveal()).toBe("hunter2");
    expect(secret.length).toBe(7);
    expect(secret.matches(/^hunter\d$/u)).toBe(true);
    expect(secret.matches(/^unter/u)).toBe(false);
  });

  test("compares by value", () => {
    expect(secret.equals(new Secret("hunter2"))).toBe(true);
    expect(secret.equals(new Secret("hunter3"))).toBe(false);
    expect(secret.equals(new Secret("hunter22"))).toBe(false);
    expect(secret.equals(new Secret(""))).toBe(false);
  });
});
