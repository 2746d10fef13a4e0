import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dir } from "tmp-promise";
import { expect, onTestFinished, test } from "vitest";
import {
  type CancellableQuestion,
  noteCancelled,
  wasCancelled,
} from "../../src/ask/cancelled-question.ts";
import { exampleAccount, exampleRequest } from "../accounts/example-account.ts";

const newAccount: CancellableQuestion = { target: exampleRequest({ path: "acme/api.git" }) };
const otherPath: CancellableQuestion = { target: exampleRequest({ path: "acme/web.git" }) };
const renewal: CancellableQuestion = { ...newAccount, renews: exampleAccount({ name: "work" }) };

async function openFile(): Promise<string> {
  const { path, cleanup } = await dir({ unsafeCleanup: true });
  onTestFinished(() => cleanup());
  return join(path, "login.cancelled");
}

test("who waited for the same question hears of it, for whatever repository", async () => {
  const file = await openFile();
  await noteCancelled(file, newAccount, 2000);
  expect(wasCancelled(file, newAccount, 1000)).toBe(true);
  expect(wasCancelled(file, otherPath, 2000)).toBe(true);
});

test("who comes later is asked", async () => {
  const file = await openFile();
  await noteCancelled(file, newAccount, 2000);
  expect(wasCancelled(file, newAccount, 2001)).toBe(false);
});

test("who waits for another question is asked", async () => {
  const file = await openFile();
  await noteCancelled(file, newAccount, 2000);
  expect(wasCancelled(file, renewal, 1000)).toBe(false);
  await noteCancelled(file, renewal, 2000);
  expect(wasCancelled(file, renewal, 1000)).toBe(true);
  expect(wasCancelled(file, newAccount, 1000)).toBe(false);
});

test.each([
  ["no file", undefined],
  ["half a file", '{"question":"host'],
  ["nothing of ours", "null"],
])("%s says nothing", async (_title, text) => {
  const file = await openFile();
  if (text !== undefined) await writeFile(file, text);
  expect(wasCancelled(file, newAccount, 0)).toBe(false);
});

test("where it cannot be written, nothing is said", async () => {
  const folder = await openFile();
  await writeFile(folder, "");
  const file = join(folder, "login.cancelled");
  await noteCancelled(file, newAccount, 2000);
  expect(wasCancelled(file, newAccount, 0)).toBe(false);
});
