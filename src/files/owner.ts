// Names for files that belong to one process only as long as it lives: locks and half-written files.
// The name says who made it, so that what a killed process left behind is known by its name alone. proc(5).
import { randomBytes } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";

/** What can be said about the process that made a name. */
export type OwnerState = "alive" | "gone" | "unknown";

const pattern = /^([0-9]+)-([0-9]+)-([0-9a-z]+)-[0-9a-f]{12}$/u;

/** @returns a name that nobody else makes: pid, start of the process, where that pid counts, and chance. */
export function ownerName(pid = process.pid): string {
  return [pid, startOf(pid), place(), randomBytes(6).toString("hex")].join("-");
}

/**
 * @returns whether the maker of a name lives. `unknown` when it was made on another machine, in another container or
 * before a reboot, or where the system does not tell when a process started; undefined when it is no such name.
 */
export function ownerState(name: string): OwnerState | undefined {
  const [, pid, start, madeAt] = pattern.exec(name) ?? [];
  if (pid === undefined) return undefined;
  if (madeAt !== place()) return "unknown";
  if (start !== "0") return start === startOf(Number(pid)) ? "alive" : "gone";
  return exists(Number(pid)) ? "unknown" : "gone";
}

/** @returns the pid in a name, for messages. */
export function ownerPid(name: string): string | undefined {
  return pattern.exec(name)?.[1];
}

/** Clock ticks from boot to the start of a process: pids are used again, a pid with its start is not. "0": not known. */
function startOf(pid: number): string {
  try {
    // The second field is the name of the program and may hold spaces and parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A killed process that its parent has not waited for yet holds nothing any more.
    return fields[0] === "Z" || fields[0] === "X" ? "0" : (fields[19] ?? "0");
  } catch {
    return "0";
  }
}

let placeOfThis: string | undefined;

/** Which boot of which machine and which pid namespace a pid belongs to: homes are shared among containers. */
function place(): string {
  return (placeOfThis ??= findPlace());
}

function findPlace(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").slice(0, 8);
    const namespace = readlinkSync("/proc/self/ns/pid").replaceAll(/\D/gu, "");
    return `${boot}n${namespace}`;
  } catch {
    return "local";
  }
}

/** Whether there is a process of that number, also one that has ended and that its parent has not waited for yet. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
