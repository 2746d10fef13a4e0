// An identity under a passphrase: ours, or one that a person protected with `age -p`; age's own prompt in a real terminal.
import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { armor, Encrypter } from "age-encryption";
import { expect, it } from "vitest";
import { HelperError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { openFileStore } from "../../../src/secrets/stores/file.ts";
import type { AskPassphrase } from "../../../src/secrets/stores/identity.ts";
import { openPty } from "../../support/pty.ts";
import { key, refusal, token, useFileHome } from "./file-home.ts";

const home = useFileHome();
const passphrase = "correct horse battery staple";

/** A person with these answers, in their order; what they were asked for is kept. */
function person(...answers: readonly string[]): { ask: AskPassphrase; asked: string[] } {
  const rest = [...answers];
  const asked: string[] = [];
  const ask: AskPassphrase = (occasion) => {
    asked.push(occasion);
    return Promise.resolve(rest.shift() ?? "");
  };
  return { ask, asked };
}

/** As age does it, but quick to try: its own work factor takes seconds for each passphrase. */
async function protect(path: string): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(10);
  const encrypted = await encrypter.encrypt(await readFile(path, "utf8"));
  await writeFile(path, armor.encode(encrypted));
}

const cancel: AskPassphrase = () => Promise.reject(new HelperError("cancelled", "cancelled"));

it("protects a new identity, asks once in a process, and is read by age", async () => {
  const { data, identity, sandbox, secretFile } = home();
  const { ask, asked } = person(passphrase);
  const store = openFileStore(data, ask);
  await store.set(key, new Secret(token));
  expect((await store.get(key))?.reveal()).toBe(token);
  expect(asked).toEqual(["new"]);
  expect(await readFile(identity, "utf8")).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/u);

  const age = await openPty({
    command: ["age", "-d", "-i", identity, secretFile],
    env: sandbox.env,
    stdout: "file",
  });
  await age.sees("Enter passphrase");
  age.types(`${passphrase}\r`);
  expect(await age.ended()).toMatchObject({ code: 0, stdout: token });
});

it("opens an identity that age protected", async () => {
  const { data, identity, sandbox, store } = home();
  await store.set(key, new Secret(token));
  const protectedIdentity = join(sandbox.work, "identity.txt");
  const age = await openPty({
    command: ["age", "-p", "-o", protectedIdentity, identity],
    env: sandbox.env,
  });
  await age.sees("Enter passphrase");
  age.types(`${passphrase}\r`);
  await age.sees("Confirm passphrase");
  age.types(`${passphrase}\r`);
  expect(await age.ended()).toMatchObject({ code: 0 });
  await chmod(protectedIdentity, 0o600);
  await rename(protectedIdentity, identity);

  const { ask, asked } = person("wrong", passphrase);
  expect((await openFileStore(data, ask).get(key))?.reveal()).toBe(token);
  expect(asked).toEqual(["unlock", "again"]);
});

it("is locked, not missing, when nobody can be asked or knows the passphrase", async () => {
  const { data, identity, store } = home();
  await store.set(key, new Secret(token));
  await protect(identity);
  const unasked = await refusal(home(), (fresh) => fresh.get(key));
  expect(unasked).toMatchObject({
    code: "store-locked",
    message: "the file store is protected by a passphrase",
  });
  expect(await refusal(home(), (fresh) => fresh.set("new", new Secret("new")))).toMatchObject({
    code: "store-locked",
  });
  // What needs no identity needs no passphrase.
  expect(await store.list()).toEqual([key]);
  expect(await store.get("another")).toBeUndefined();

  const { ask, asked } = person("wrong", "wrong again", "");
  await expect(openFileStore(data, ask).get(key)).rejects.toMatchObject({
    code: "store-locked",
    message: "wrong passphrase for the file store",
  });
  expect(asked).toEqual(["unlock", "again", "again"]);
});

it("goes on as cancelled when the person does", async () => {
  const { data, identity, store } = home();
  await store.set(key, new Secret(token));
  await protect(identity);
  await expect(openFileStore(data, cancel).get(key)).rejects.toMatchObject({ code: "cancelled" });
});

it("leaves a new identity open when the person wants no passphrase", async () => {
  const { data, identity } = home();
  await openFileStore(data, person("").ask).set(key, new Secret(token));
  expect(await readFile(identity, "utf8")).toMatch(/^AGE-SECRET-KEY-1/mu);
});
