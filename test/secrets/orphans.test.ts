// A secret that no account names: what a login leaves that is killed between its two writes.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ownerName } from "../../src/files/owner.ts";
import { openFileStore } from "../../src/secrets/stores/file.ts";
import { Secret } from "../../src/secret.ts";
import { openDesk } from "../support/desk.ts";
import { seedAccount } from "../support/seed.ts";

const desk = openDesk();
const data = (): string => join(desk.world.home, ".local/share/git-credential-bitbucket");
const secrets = async (): Promise<number> => (await readdir(join(data(), "secrets"))).length;

/** The name of a process that has ended. */
const gone = ownerName().replace(/^(\d+)-\d+/u, "$1-1");

async function leaveOrphan(): Promise<void> {
  await openFileStore(data()).set("work/0123456789ab", new Secret("left behind"));
}

test("doctor names it", async () => {
  await leaveOrphan();
  const { stdout } = await desk.runs(["doctor"]);
  expect(stdout).toContain("file: 1 secret that no account names");
  expect(await secrets()).toBe(1);
});

test("logout --all deletes it, and says so", async () => {
  await seedAccount(desk.world, desk.world.site.apiToken("alice").secret, { kind: "api-token" });
  await leaveOrphan();
  expect(await secrets()).toBe(2);
  const { stdout, exitCode } = await desk.runs(["logout", "--all"]);
  expect(stdout).toContain("1 secret that no account named, deleted as well");
  expect(exitCode).toBe(0);
  expect(await secrets()).toBe(0);
});

test("login deletes what a killed one has left, and nothing else", async () => {
  await seedAccount(desk.world, desk.world.site.apiToken("bob").secret, {
    name: "bob",
    kind: "api-token",
  });
  await leaveOrphan();
  // Its accounts file was put aside.
  await openFileStore(data()).set("aside/0123456789ab", new Secret("another"));
  await writeFile(join(data(), `keeping.${gone}`), "file\nwork/0123456789ab");
  const { secret } = desk.world.site.accessToken({ workspace: "acme", repository: "api" });
  const args = ["login", "--with-token", "--repository", "acme/api", "--store", "file"];
  expect((await desk.runs(args, secret)).exitCode).toBe(0);
  expect(await openFileStore(data()).list()).not.toContain("work/0123456789ab");
  expect(await secrets()).toBe(3);
  expect((await readdir(data())).filter((name) => name.startsWith("keeping"))).toEqual([]);
});

test("it stays while another process is just keeping a secret", async () => {
  await leaveOrphan();
  await writeFile(join(data(), `keeping.${ownerName()}`), "");
  await desk.runs(["logout", "--all"]);
  expect(await secrets()).toBe(1);
});

test("the mark of a process that is gone keeps nothing", async () => {
  await leaveOrphan();
  await writeFile(join(data(), `keeping.${gone}`), "");
  await desk.runs(["logout", "--all"]);
  expect(await secrets()).toBe(0);
});
