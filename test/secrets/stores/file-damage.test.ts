// Damage is told, never taken for a missing secret.
import { chmod, mkdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { Secret } from "../../../src/secret.ts";
import { key, refusal, token, useFileHome } from "./file-home.ts";

const home = useFileHome();

beforeEach(async () => {
  await home().store.set(key, new Secret(token));
});

it.each([
  ["empty", () => truncate(home().secretFile)],
  ["cut off in the header", () => truncate(home().secretFile, 60)],
  [
    "cut off in the secret",
    async () => truncate(home().secretFile, (await stat(home().secretFile)).size - 1),
  ],
  ["garbage", () => writeFile(home().secretFile, "garbage")],
  ["of another version", async () => overwrite(home().secretFile, 0, "bge")],
  ["changed in the secret", async () => overwrite(home().secretFile, -20, "~~")],
  ["two lines", () => encrypt("a secret\nquit=1")],
  ["not text", () => encrypt(Buffer.from([0x61, 0xff, 0x62]))],
  ["for another identity", () => encryptForAnother()],
])("a secret that is %s", async (_, damage) => {
  await damage();
  expect(await refusal(home(), (store) => store.get(key))).toMatchObject({
    code: "store-unavailable",
    message: `${home().secretFile} is damaged, or was encrypted for another identity`,
    hint: "git credential-bitbucket login",
  });
});

it.each([
  ["empty", () => truncate(home().identity)],
  ["garbage", () => writeFile(home().identity, "garbage")],
  [
    "in lower case",
    async () => writeFile(home().identity, (await readFile(home().identity, "utf8")).toLowerCase()),
  ],
])("an identity that is %s", async (_, damage) => {
  await damage();
  expect(await refusal(home(), (store) => store.get(key))).toMatchObject({
    code: "store-unavailable",
    message: `${home().identity} is damaged or not an age identity`,
  });
  // Another one would make what is there unreadable for good.
  expect(await refusal(home(), (store) => store.set("other", new Secret("new")))).toMatchObject({
    code: "store-unavailable",
  });
});

it("an identity that is gone", async () => {
  await rm(home().identity);
  expect(await refusal(home(), (store) => store.get(key))).toMatchObject({
    code: "store-unavailable",
    message: `${home().identity} is gone, so its secrets cannot be opened`,
  });
});

it("and a folder in a secret's place", async () => {
  await rm(home().secretFile);
  await mkdir(home().secretFile, { mode: 0o700 });
  expect(await refusal(home(), (store) => store.get(key))).toMatchObject({
    code: "store-unavailable",
  });
  expect(await refusal(home(), (store) => store.delete(key))).toMatchObject({
    code: "store-unavailable",
  });
});

async function overwrite(path: string, offset: number, text: string): Promise<void> {
  const bytes = await readFile(path);
  bytes.write(text, offset < 0 ? bytes.length + offset : offset, "latin1");
  await writeFile(path, bytes);
}

async function encrypt(input: string | Uint8Array): Promise<void> {
  await rm(home().secretFile);
  await home().sandbox.run("age", ["-e", "-i", home().identity, "-o", home().secretFile], {
    input,
  });
  await chmod(home().secretFile, 0o600);
}

async function encryptForAnother(): Promise<void> {
  const { stderr } = await home().sandbox.run("age-keygen", [
    "-o",
    join(home().sandbox.work, "other.txt"),
  ]);
  const recipient = /age1\w+/u.exec(stderr)?.[0] ?? "";
  await rm(home().secretFile);
  await home().sandbox.run("age", ["-r", recipient, "-o", home().secretFile], { input: token });
  await chmod(home().secretFile, 0o600);
}
