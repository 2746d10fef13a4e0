// The child that calls keytar: it can be ended at any time, and nothing secret can be seen from outside.
import { once } from "node:events";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withKeytar } from "../../../src/secrets/stores/keytar.ts";
import { openKeyring, type Keyring } from "../../support/keyring.ts";
import { projectRoot } from "../../support/project.ts";
import { openSandbox, type Sandbox } from "../../support/sandbox.ts";
import { buildWorker } from "../../support/worker.ts";

const token = `ATATT3xFfGF0${"a".repeat(180)}`;

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

interface Child {
  readonly commandLine: string;
  readonly environment: string;
}

/** The children that call keytar on this keyring, whoever their parent is. */
async function children(): Promise<readonly Child[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/u.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (name: string) => readFile(join("/proc", pid, name), "utf8").catch(() => "");
      return { commandLine: await read("cmdline"), environment: await read("environ") };
    }),
  );
  const address = String(keyring.env["DBUS_SESSION_BUS_ADDRESS"]);
  return found.filter(
    ({ commandLine, environment }) =>
      commandLine.includes("keytar.js") && environment.includes(address),
  );
}

async function waitForChildren(count: number): Promise<readonly Child[]> {
  for (;;) {
    const found = await children();
    if (found.length === count) return found;
    await sleep(20);
  }
}

it("is ended when the keychain does not answer in time", async () => {
  keyring.stall();
  await expect(
    withKeytar(keyring.env, 300, (entries) => entries.get("service", "account")),
  ).rejects.toMatchObject({
    code: "store-unavailable",
    message: expect.stringMatching(/^the keychain did not answer within [1-3] s$/u),
  });
  expect(await waitForChildren(0)).toEqual([]);
});

it("shows no secret in its arguments or environment, and gets no setting of Node's", async () => {
  keyring.stall();
  const env = { ...keyring.env, BITBUCKET_TOKEN: token, NODE_OPTIONS: "--no-warnings" };
  const writing = withKeytar(env, 20_000, (entries) => entries.set("service", "account", token));
  const [child] = await waitForChildren(1);
  expect(child?.commandLine).not.toContain(token);
  expect(child?.environment).not.toContain(token);
  expect(child?.environment).not.toContain("NODE_OPTIONS");
  keyring.resume();
  await writing;
  expect(await withKeytar(env, 20_000, (entries) => entries.get("service", "account"))).toBe(token);
});

it("is gone when its parent is killed while the keychain is stuck", async () => {
  await symlink(join(projectRoot, "node_modules"), join(sandbox.work, "node_modules"));
  const script = await buildWorker(
    sandbox.work,
    "stuck",
    `import { withKeytar } from "./src/secrets/stores/keytar.ts";
     await withKeytar(process.env, 600_000, (entries) => {
       console.log("calling");
       return entries.get("service", "account");
     });`,
  );
  keyring.stall();
  const parent = sandbox.start(process.execPath, [script], { env: keyring.env });
  await once(parent.stdout ?? parent, "data");
  expect(await waitForChildren(1)).toHaveLength(1);
  parent.kill("SIGKILL");
  expect(await waitForChildren(0)).toEqual([]);
});

it.each([
  ["is not installed", "", "the keychain's library cannot be loaded"],
  [
    "cannot be started",
    'process.execPath = "/nowhere";',
    "the keychain's library cannot be started",
  ],
])("says so when it %s", async (_, first, message) => {
  if (first === "") {
    // Empty, so that one in a folder above is not found either.
    await mkdir(join(sandbox.work, "node_modules/keytar"), { recursive: true });
    await writeFile(join(sandbox.work, "node_modules/keytar/package.json"), '{"main":"gone.js"}');
  } else {
    await symlink(join(projectRoot, "node_modules"), join(sandbox.work, "node_modules"));
  }
  const script = await buildWorker(
    sandbox.work,
    "broken",
    `import { withKeytar } from "./src/secrets/stores/keytar.ts";
     ${first}
     const error = await withKeytar(process.env, 3000, () => {}).catch((error) => error);
     console.log(error.code, error.message);`,
  );
  expect(await sandbox.run(process.execPath, [script], { env: keyring.env })).toEqual({
    stdout: `store-unavailable ${message}\n`,
    stderr: "",
    exitCode: 0,
  });
});
