// What the helper and the daemon commands say to the daemon: reports of what was served, and orders.
import { HelperError } from "../errors.ts";
import { type Attributes, formatAttributes, parseAttributes } from "../protocol/attributes.ts";
import { lockSecrets, unlockSecrets } from "../secrets/lock.ts";
import { version } from "../version.ts";
import { outcomes } from "./flights.ts";
import type { Memory } from "./memory.ts";
import { formatAnswer, requiredText } from "./wire.ts";

/** What `daemon status` shows. Never a secret. */
export interface DaemonStatus {
  readonly pid: number;
  readonly version: string;
  readonly program: string;
  readonly uptimeSeconds: number;
  readonly idleTimeoutSeconds: number;
  /** The folder of the accounts that it serves, and of their lock. Daemons before it keep their lock in memory. */
  readonly data?: string | undefined;
  readonly locked: boolean;
  readonly hits: number;
  readonly misses: number;
  readonly waiting: number;
  readonly entries: readonly {
    readonly account: string;
    readonly ageSeconds: number;
    readonly leftSeconds: number;
  }[];
}

/**
 * Takes a report: how a flight came out, and the secret that was served.
 * @param stamp the settings that the report vouches for, when it belongs to a flight.
 */
export function takeReport(report: Attributes, stamp: string | undefined, memory: Memory): void {
  if (report.text("data") !== memory.data) return;
  const idle = readSeconds(report, "idle");
  if (idle !== undefined) memory.idleTimeoutSeconds = idle;
  const validate = report.text("validate");
  if (stamp !== undefined && isValidate(validate)) {
    const ours = report.text("ours") === "1";
    const [serve, asks] = ["serve", "asks"].map((key) => report.text(key) === "1");
    memory.snapshots.put(stamp, { ours, serve: serve === true, asks: asks === true, validate });
  }
  const password = report.bytes("password");
  if (password === undefined) return;
  if (!memory.isLocked()) {
    const name = { account: readName(report, "account"), secretKey: readName(report, "key") };
    memory.cache.put(name, password, readSeconds(report, "lifetime") ?? 0);
  }
  password.fill(0);
}

/** @returns how the report's flight came out; undefined when the helper did not say. */
export function outcomeOf(report: Attributes) {
  const outcome = report.text("outcome");
  return outcomes.find((known) => known === outcome);
}

/** Whether the report is one: an empty one comes from a helper that died. */
export function readReport(body: Buffer): Attributes | undefined {
  return body.length === 0 ? undefined : parseAttributes(body);
}

/** Forgets one account's secrets, or all. */
export function forget(header: Attributes, memory: Memory): Buffer {
  const account = header.text("account");
  memory.cache.drop((name) => account === undefined || name.account === account);
  return formatAnswer("done");
}

/** The order of a program that leaves the lock to its daemon; ours of today locks by itself. See secrets/lock.ts. */
export async function lock(memory: Memory): Promise<Buffer> {
  memory.cache.drop(() => true);
  await lockSecrets(memory.data);
  return formatAnswer("done");
}

/** As lock(). */
export async function unlock(memory: Memory): Promise<Buffer> {
  await unlockSecrets(memory.data);
  return formatAnswer("done");
}

/** @param started milliseconds since 1970. */
export function describe(memory: Memory, started: number, program: string): Buffer {
  memory.cache.sweep();
  const status: DaemonStatus = {
    pid: process.pid,
    version,
    program,
    uptimeSeconds: Math.floor((memory.now() - started) / 1000),
    idleTimeoutSeconds: memory.idleTimeoutSeconds,
    data: memory.data,
    locked: memory.isLocked(),
    ...memory.counts,
    waiting: memory.flights.size,
    entries: memory.cache
      .facts()
      .map(({ account, ageSeconds, leftSeconds }) => ({ account, ageSeconds, leftSeconds })),
  };
  return formatAnswer("done", formatAttributes([["status", JSON.stringify(status)]]));
}

/** Throws HelperError `bad-request` when it is missing or longer than any name of ours. */
function readName(report: Attributes, key: "account" | "key"): string {
  const name = requiredText(report, key);
  if (name.length > longestName)
    throw new HelperError("bad-request", `a report with a long ${key}`);
  return name;
}

const longestName = 256;

function readSeconds(report: Attributes, key: string): number | undefined {
  const text = report.text(key);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/u.test(text)) throw new HelperError("bad-request", `a report with odd ${key}`);
  return Number(text);
}

function isValidate(text: string | undefined): text is "first-use" | "always" | "never" {
  return text === "first-use" || text === "always" || text === "never";
}
