// daemon: starts, ends, locks and describes the one that keeps secrets in memory. Spec, section 6.
import { setTimeout as sleep } from "node:timers/promises";
import { type Address, checkAddress, findAddress } from "../daemon/address.ts";
import type { DaemonStatus } from "../daemon/answer-helper.ts";
import { talk } from "../daemon/talk.ts";
import { endStopped, isCurrent, readStatus } from "../daemon/takeover.ts";
import { type DaemonOperation, formatQuestion, goodbye } from "../daemon/wire.ts";
import { HelperError } from "../errors.ts";
import type { Outside } from "../outside.ts";
import { readSettings } from "../system/settings.ts";
import type { CommandInput } from "./command.ts";
import { daemonJson, daemonText } from "./daemon-text.ts";

const answerMilliseconds = 2000;
const leaveMilliseconds = 3000;

const orders = {
  start,
  stop,
  status,
  run: (_input: CommandInput, outside: Outside) => serve(outside, false),
  // What the program starts by itself: see daemon/start.ts.
  background: (_input: CommandInput, outside: Outside) => serve(outside, true),
  lock: (_input: CommandInput, outside: Outside) => order("lock", outside),
  unlock: (_input: CommandInput, outside: Outside) => order("unlock", outside),
} as const;

export async function run(input: CommandInput, outside: Outside): Promise<number> {
  const name = input.positionals[0] ?? "";
  if (!Object.hasOwn(orders, name)) {
    throw new HelperError("usage", "daemon takes start, stop, status, run, lock or unlock", {
      hint: "git credential-bitbucket daemon status",
    });
  }
  if (outside.platform === "win32") {
    throw new HelperError("system", "there is no daemon on windows: git's client cannot reach it");
  }
  return await orders[name as keyof typeof orders](input, outside);
}

async function start(_input: CommandInput, outside: Outside): Promise<number> {
  const address = await reach(outside);
  if (!(await readSettings(outside)).daemon) {
    throw new HelperError("bad-setting", "credential.bitbucketDaemon is false", {
      hint: "git config --global --unset-all credential.bitbucketDaemon",
    });
  }
  await ensureRunning(address, outside);
  outside.stdout.write(`the daemon runs, process ${(await ask(address))?.pid}\n`);
  return 0;
}

async function stop(_input: CommandInput, outside: Outside): Promise<number> {
  const address = await reach(outside);
  const found = await talk(address.socket, formatQuestion("status", []), answerMilliseconds);
  if (found.outcome === "absent" || found.outcome === "stale") {
    outside.stdout.write("no daemon runs\n");
    return 0;
  }
  if (found.outcome === "stuck") await endStopped(address);
  else await talk(address.socket, goodbye, answerMilliseconds);
  const pid = found.outcome === "answered" ? readStatus(found.answer)?.pid : undefined;
  if (pid !== undefined) await waitUntilGone(pid);
  outside.stdout.write("the daemon has left, and its secrets with it\n");
  return 0;
}

/** Exit code 1 when none runs, so that scripts can ask. */
async function status({ values }: CommandInput, outside: Outside): Promise<number> {
  const address = await reach(outside);
  const found = await ask(address);
  const print = values["json"] === true ? daemonJson : daemonText;
  outside.stdout.write(print(found, address.socket));
  return found === undefined ? 1 : 0;
}

async function serve(outside: Outside, background: boolean): Promise<number> {
  const { runDaemon } = await import("../daemon/run.ts");
  return await runDaemon(outside, background);
}

/** Without a daemon there is nothing to lock but the next one: so one is started for it. */
async function order(operation: "lock" | "unlock", outside: Outside): Promise<number> {
  const address = await reach(outside);
  if (operation === "unlock" && (await ask(address)) === undefined) {
    outside.stdout.write("no daemon runs, so nothing is locked\n");
    return 0;
  }
  await ensureRunning(address, outside);
  await send(operation, address);
  outside.stdout.write(
    operation === "lock"
      ? "locked: secrets are forgotten, and none is given out until: git credential-bitbucket daemon unlock\n"
      : "unlocked\n",
  );
  return 0;
}

async function reach(outside: Outside): Promise<Address> {
  const address = findAddress(outside.env, outside.platform);
  await checkAddress(address);
  return address;
}

async function ensureRunning(address: Address, outside: Outside): Promise<void> {
  const running = await ask(address);
  if (running !== undefined && isCurrent(running)) return;
  const { readyLine, startAndWait } = await import("../daemon/start.ts");
  const printed = await startAndWait(outside, address);
  if (printed === readyLine) return;
  throw new HelperError("system", "the daemon did not start", {
    hint: "git credential-bitbucket daemon run",
  });
}

async function send(operation: DaemonOperation, address: Address): Promise<void> {
  const { outcome } = await talk(address.socket, formatQuestion(operation, []), answerMilliseconds);
  if (outcome === "answered") return;
  throw new HelperError("system", "the daemon does not answer", {
    hint: "git credential-bitbucket daemon stop",
  });
}

async function ask(address: Address): Promise<DaemonStatus | undefined> {
  const found = await talk(address.socket, formatQuestion("status", []), answerMilliseconds);
  return found.outcome === "answered" ? readStatus(found.answer) : undefined;
}

async function waitUntilGone(pid: number): Promise<void> {
  const end = performance.now() + leaveMilliseconds;
  while (isThere(pid) && performance.now() < end) await sleep(10);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
