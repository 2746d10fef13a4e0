import { readFileSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import type { ChildProcess } from "node:child_process";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Account } from "../../src/accounts/account.ts";
import { openRegistry } from "../../src/accounts/registry.ts";
import { openSandbox, type Sandbox } from "../support/sandbox.ts";
import { buildWorker } from "../support/worker.ts";
import { fullAccount, plainAccount } from "./sample-accounts.ts";

let sandbox: Sandbox;
let path: string;
beforeEach(async () => {
  sandbox = await openSandbox();
  path = join(sandbox.home, ".local/share/git-credential-bitbucket/accounts.json");
});
afterEach(() => sandbox.close());

const add = (account: Account) => (accounts: readonly Account[]) => [...accounts, account];

function refuse(): never {
  throw new RangeError("no");
}

/** Adds accounts under a prefix, as many as it is told, and names each that is kept. */
const adder = `
  import { openRegistry } from "./src/accounts/registry.ts";
  import { writeSync } from "node:fs";
  const [path, prefix, times, template] = process.argv.slice(2);
  const registry = openRegistry(path);
  for (let time = 0; time < Number(times); time += 1) {
    const account = { ...JSON.parse(template), name: prefix + "-" + time };
    await registry.update((accounts) => [...accounts, account]);
    writeSync(1, account.name + "\\n");
  }
`;

describe("openRegistry", () => {
  it("is empty when there is no file, and reading makes none", async () => {
    expect(await openRegistry(path).read()).toEqual([]);
    expect(await readdir(sandbox.home)).toEqual([]);
  });

  it("keeps accounts in their order, in a file of the user's alone", async () => {
    const registry = openRegistry(path);
    expect(await registry.update(add(plainAccount))).toEqual([plainAccount]);
    expect(await registry.update(add(fullAccount))).toEqual([plainAccount, fullAccount]);
    expect(await openRegistry(path).read()).toEqual([plainAccount, fullAccount]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(await readdir(dirname(path))).toEqual(["accounts.json"]);
  });

  it("resolves to what a read gives: members that are undefined are not there", async () => {
    const [account] = await openRegistry(path).update(add({ ...plainAccount, email: undefined }));
    expect(Object.keys(account ?? {})).toEqual(Object.keys(plainAccount));
  });

  it("does not write what has not changed", async () => {
    const registry = openRegistry(path);
    await registry.update((accounts) => accounts);
    expect(await readdir(dirname(path))).toEqual([]);
    await registry.update(add(plainAccount));
    utimesSync(path, 1, 1);
    const before = statSync(path);
    await registry.update((accounts) => accounts.map((account) => ({ ...account })));
    await registry.update((accounts) => accounts.filter(() => true));
    const after = statSync(path);
    expect([after.mtimeMs, after.ino]).toEqual([before.mtimeMs, before.ino]);
  });

  it("keeps what a later version of the same format added", async () => {
    await mkdir(dirname(path), { recursive: true });
    const account = { ...plainAccount, colour: "blue" };
    await writeFile(path, JSON.stringify({ version: 2, accounts: [account], later: true }));
    await openRegistry(path).update((accounts) =>
      accounts.map((account) => ({ ...account, state: "approved" as const })),
    );
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      version: 2,
      accounts: [{ ...account, state: "approved" }],
      later: true,
    });
  });

  it.each([
    ["damaged", `{"version":1,"accounts":[{"name":"work","secretKey":`],
    ["newer", `{"version":3,"people":[]}`],
  ])("never overwrites a file that is %s", async (_, text) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    const registry = openRegistry(path);
    let called = false;
    const change = () => {
      called = true;
      return [];
    };
    await expect(registry.read()).rejects.toMatchObject({ code: "registry" });
    await expect(registry.update(change)).rejects.toMatchObject({ code: "registry" });
    expect(called).toBe(false);
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(await readdir(dirname(path))).toEqual(["accounts.json"]);
  });

  it("changes nothing when the change throws, and lets the next one in", async () => {
    const registry = openRegistry(path);
    await registry.update(add(plainAccount));
    await expect(registry.update(refuse)).rejects.toThrow(RangeError);
    expect(await registry.update(add(fullAccount))).toHaveLength(2);
  });

  it("says which file cannot be read or written", async () => {
    await mkdir(path, { recursive: true });
    await expect(openRegistry(path).read()).rejects.toMatchObject({
      code: "registry",
      message: `cannot read the accounts file ${path} (not a regular file)`,
    });
    const link = join(sandbox.work, "link.json");
    symlinkSync(join(sandbox.work, "elsewhere"), link);
    await expect(openRegistry(link).update(add(plainAccount))).rejects.toMatchObject({
      code: "registry",
      message: `${link} is a symbolic link, so it is not written`,
    });
    const below = join(sandbox.work, "file/accounts.json");
    await writeFile(dirname(below), "");
    const registry = openRegistry(below);
    for (const attempt of [() => registry.read(), () => registry.update(() => [])])
      await expect(attempt()).rejects.toMatchObject({ code: "registry" });
  });

  it("loses no account of two processes that add a hundred each", async () => {
    const script = await buildWorker(sandbox.work, "adder", adder);
    const template = JSON.stringify(plainAccount);
    const runs = ["a", "b"].map((prefix) =>
      sandbox.run(process.execPath, [script, path, prefix, "100", template]),
    );
    for (const { stderr, exitCode } of await Promise.all(runs)) {
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    }
    const names = (await openRegistry(path).read()).map(({ name }) => name);
    for (const prefix of ["a", "b"]) {
      expect(names.filter((name) => name.startsWith(prefix))).toEqual(
        Array.from({ length: 100 }, (_, time) => `${prefix}-${time}`),
      );
    }
  });

  it("fails nobody when sixty processes change it at once", async () => {
    const script = await buildWorker(sandbox.work, "adder", adder);
    const template = JSON.stringify(plainAccount);
    const runs = Array.from({ length: 60 }, (_, number) =>
      sandbox.run(process.execPath, [script, path, `p${number}`, "2", template]),
    );
    for (const { stderr, exitCode } of await Promise.all(runs))
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect(await openRegistry(path).read()).toHaveLength(120);
    expect(await readdir(dirname(path))).toEqual(["accounts.json"]);
  });

  it("is whole and has every account that was kept, whenever a writer is killed", async () => {
    const script = await buildWorker(sandbox.work, "adder", adder);
    const template = JSON.stringify(plainAccount);
    const said: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const args = [script, path, `r${round}`, "1000000", template];
      said.push(...(await namesUntilKilled(sandbox.start(process.execPath, args))));
      const names = (await openRegistry(path).read()).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(said));
      // The last one may be kept without having been named any more.
      expect(names.length - said.length).toBeLessThanOrEqual(round + 1);
    }
    expect(said.length).toBeGreaterThanOrEqual(20);
    await openRegistry(path).update(add({ ...plainAccount, name: "last" }));
    expect(await readdir(dirname(path))).toEqual(["accounts.json"]);
  });
});

async function namesUntilKilled(child: ChildProcess): Promise<string[]> {
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.stdout?.once("data", resolve));
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGKILL");
  await closed;
  return text.split("\n").slice(0, -1);
}
