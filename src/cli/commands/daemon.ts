// daemon: starts, ends, locks and describes the one that keeps secrets in memory. docs/design.md, "The daemon".
import { setTimeout as sleep } from "node:timers/promises";
import { type Address, checkAddress, findAddress, prepareAddress } from "../../daemon/address.ts";
import type { DaemonStatus } from "../../daemon/answer-helper.ts";
import { endDaemon } from "../../daemon/ending.ts";
import { findStart, markStart } from "../../daemon/start-mark.ts";
import { isCurrent, readStatus } from "../../daemon/takeover.ts";
import { talk } from "../../daemon/talk.ts";
import { formatQuestion } from "../../daemon/wire.ts";
import { HelperError } from "../../errors.ts";
import type { Outside } from "../../outside.ts";
import { isLocked, lockPlace } from "../../secrets/lock.ts";
import { readSettings } from "../../settings/settings.ts";
import type { CommandInput } from "../command.ts";
import { lock, unlock } from "./daemon-lock.ts";
import { daemonJson, daemonText } from "../text/daemon-text.ts";

const answerMilliseconds = 2000;
const pauseMilliseconds = 20;

const orders = {
  start,
  stop,
  status,
  run: (_input: CommandInput, outside: Outside) => serve(outside, false),
  // What the program starts by itself: see daemon/start.ts.
  background: (_input: CommandInput, outside: Outside) => serve(outside, true),
} as const;

/** What works without a daemon, and where there can be none. */
const locks = {
  lock: (outside: Outside) => lock(outside),
  unlock: (outside: Outside) => unlock(outside),
} as const;

export async function run(input: CommandInput, outside: Outside): Promise<number> {
  const name = input.positionals[0] ?? "";
  if (Object.hasOwn(locks, name)) return await locks[name as keyof typeof locks](outside);
  if (!Object.hasOwn(orders, name)) {
    throw new HelperError("usage", "daemon takes start, stop, status, run, lock or unlock", {
      hint: "git credential-bitbucket daemon status",
    });
  }
  if (outside.platform === "win32") return withoutDaemon(name, outside);
  return await orders[name as keyof typeof orders](input, outside);
}

/** Stopping what cannot be there is no error: an installation does it each time. */
function withoutDaemon(name: string, { stdout }: Outside): number {
  if (name !== "stop" && name !== "status")
    throw new HelperError("system", "there is no daemon on windows: git's client cannot reach it");
  stdout.write("no daemon runs: there is none on windows\n");
  return name === "stop" ? 0 : 1;
}

async function start(_input: CommandInput, outside: Outside): Promise<number> {
  const address = await reach(outside);
  if (!(await readSettings(outside)).daemon) {
    throw new HelperError("bad-setting", "credential.bitbucketDaemon is false", {
      hint: "git config --global --unset-all credential.bitbucketDaemon",
    });
  }
  await ensureRunning(address, outside);
  const running = await ask(address);
  if (running === undefined) throw new HelperError("system", "the daemon was stopped again");
  outside.stdout.write(`the daemon runs, process ${running.pid}\n`);
  return 0;
}

async function stop(_input: CommandInput, outside: Outside): Promise<number> {
  const address = await reach(outside);
  outside.stdout.write(
    (await endDaemon(address))
      ? "the daemon has left, and its secrets with it\n"
      : "no daemon runs\n",
  );
  return 0;
}

/** Exit code 1 when none runs, so that scripts can ask. */
async function status({ values }: CommandInput, outside: Outside): Promise<number> {
  const address = await reach(outside);
  const found = await ask(address);
  const print = values["json"] === true ? daemonJson : daemonText;
  const locked = isLocked(lockPlace(outside)) || found?.locked === true;
  outside.stdout.write(print(found, address.socket, locked));
  return found === undefined ? 1 : 0;
}

async function serve(outside: Outside, background: boolean): Promise<number> {
  const { runDaemon } = await import("../../daemon/run.ts");
  return await runDaemon(outside, background);
}

async function reach(outside: Outside): Promise<Address> {
  const address = findAddress(outside.env, outside.platform);
  await checkAddress(address);
  return address;
}

async function ensureRunning(address: Address, outside: Outside): Promise<void> {
  await prepareAddress(address);
  for (;;) {
    const running = await ask(address);
    if (running !== undefined && isCurrent(running)) return;
    // Where no mark can be made, the start itself says what is wrong.
    if ((await markStart(address)) || findStart(address) === undefined) break;
    await sleep(pauseMilliseconds);
  }
  const { readyLine, startAndWait } = await import("../../daemon/start.ts");
  const printed = await startAndWait(outside, address);
  if (printed === readyLine) return;
  throw new HelperError("system", "the daemon did not start", {
    hint: "git credential-bitbucket daemon run",
  });
}

async function ask(address: Address): Promise<DaemonStatus | undefined> {
  const found = await talk(address.socket, formatQuestion("status", []), answerMilliseconds);
  return found.outcome === "answered" ? readStatus(found.answer) : undefined;
}
