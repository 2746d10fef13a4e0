// The harness itself: each state is what its name says, told by libsecret's own program.
import { afterEach, beforeEach, expect, test } from "vitest";
import { openKeyring, type Keyring } from "./keyring.ts";
import { openSandbox, type Sandbox } from "./sandbox.ts";

let sandbox: Sandbox;
let keyring: Keyring | undefined;

beforeEach(async () => {
  sandbox = await openSandbox();
});

afterEach(async () => {
  await keyring?.close();
  keyring = undefined;
  await sandbox.close();
});

const lookup = () =>
  sandbox.run("secret-tool", ["lookup", "colour", "green"], { env: keyring?.env });
const store = () =>
  sandbox.run("secret-tool", ["store", "--label=a test", "colour", "green"], {
    env: keyring?.env,
    input: "grass",
  });

test("an unlocked keyring keeps a secret over being locked and unlocked", async () => {
  keyring = await openKeyring(sandbox.env, "unlocked");
  expect(await store()).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await lookup()).toMatchObject({ exitCode: 0, stdout: "grass" });
  await keyring.lock();
  expect(await lookup()).toMatchObject({ exitCode: 1, stdout: "" });
  await keyring.unlock();
  expect(await lookup()).toMatchObject({ exitCode: 0, stdout: "grass" });
});

test("a locked keyring takes nothing", async () => {
  keyring = await openKeyring(sandbox.env, "locked");
  expect(await store()).toMatchObject({ exitCode: 1 });
});

test.each([
  ["no-service", "org.freedesktop.secrets was not provided"],
  ["no-bus", "Cannot autolaunch D-Bus"],
  ["empty", "does not exist"],
] as const)("%s answers a store with: %s", async (state, complaint) => {
  keyring = await openKeyring(sandbox.env, state);
  const answer = await store();
  expect(answer.exitCode).toBe(1);
  expect(answer.stderr).toContain(complaint);
});

test("a stalled service keeps its name on the bus and answers nobody until it is resumed", async () => {
  keyring = await openKeyring(sandbox.env, "unlocked");
  await store();
  keyring.stall();
  const waiting = lookup();
  let answered = false;
  void waiting.then(() => (answered = true));
  expect(
    await sandbox.run(
      "dbus-send",
      [
        "--print-reply",
        "--dest=org.freedesktop.DBus",
        "/",
        "org.freedesktop.DBus.NameHasOwner",
        "string:org.freedesktop.secrets",
      ],
      { env: keyring.env },
    ),
  ).toMatchObject({ stdout: expect.stringContaining("boolean true") });
  expect(answered).toBe(false);
  keyring.resume();
  expect(await waiting).toMatchObject({ stdout: "grass" });
});

test("after the service has ended the bus still answers", async () => {
  keyring = await openKeyring(sandbox.env, "unlocked");
  await keyring.endService();
  expect((await store()).stderr).toContain("org.freedesktop.secrets was not provided");
});
