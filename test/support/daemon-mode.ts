// The main job is the same with the daemon and without it. vitest.config.ts runs its files once in each mode, and their
// homes follow: with "on" a daemon runs before git asks anything, and answers of each file have to come from its memory;
// with "off" the setting forbids it, and none may have started. Files that run once leave the mode undefined: there the
// daemon is started by the first answer, as with everybody.
import { join } from "node:path";
import { afterAll, expect, inject } from "vitest";
import type { DaemonStatus } from "../../src/daemon/answer-helper.ts";
import { readStatus } from "../../src/daemon/takeover.ts";
import { talk } from "../../src/daemon/talk.ts";
import { formatQuestion } from "../../src/daemon/wire.ts";
import { commandsOf } from "./leftovers.ts";

declare module "vitest" {
  interface ProvidedContext {
    daemon: DaemonMode | undefined;
  }
}

export type DaemonMode = "on" | "off";

export const daemonMode = inject("daemon");

interface Home {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const answerMilliseconds = 5000;
let fromMemory = 0;

if (daemonMode === "on") {
  afterAll(() => {
    if (fromMemory === 0) throw new Error("no answer of this file came from the daemon's memory");
  });
}

/** Closes a test's home, and fails when what ran in it did not follow the mode. */
export async function closeInMode(home: Home): Promise<void> {
  try {
    if (daemonMode === "on") fromMemory += (await runningDaemon(home)).hits;
    if (daemonMode === "off") await expectNoDaemon(home);
  } finally {
    await home.close();
  }
}

async function runningDaemon(home: Home): Promise<DaemonStatus> {
  const status = await daemonStatus(home.env);
  if (status === undefined) throw new Error("the daemon that was started does not answer any more");
  return status;
}

async function expectNoDaemon({ env, home }: Home): Promise<void> {
  expect(await daemonStatus(env)).toBeUndefined();
  const commands = [...(await commandsOf(home)).values()];
  expect(commands.filter((command) => command.includes("daemon"))).toEqual([]);
}

/** @returns what the daemon of that environment says of itself; undefined when none answers. Costs no start of Node. */
export async function daemonStatus(
  env: Readonly<Record<string, string>>,
): Promise<DaemonStatus | undefined> {
  // As the home's owner finds it, who need not be the user of the tests.
  const folder =
    env["XDG_RUNTIME_DIR"] ?? env["XDG_CACHE_HOME"] ?? join(env["HOME"] ?? "", ".cache");
  const socket = join(folder, "git-credential-bitbucket/socket");
  const found = await talk(socket, formatQuestion("status", []), answerMilliseconds);
  return found.outcome === "answered" ? readStatus(found.answer) : undefined;
}
