// The name of the terminal that this process belongs to: a program in another session cannot open it as /dev/tty.
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import type { Environment } from "../outside.ts";

/**
 * @returns such as `/dev/pts/3`; undefined where there is none, or nothing tells its name: outside of Linux only GPG_TTY,
 * which gpg-agent(1) has people set, does.
 */
export function terminalName(env: Environment, platform: NodeJS.Platform): string | undefined {
  if (!hasTerminal()) return undefined;
  const told = env["GPG_TTY"];
  if (told?.startsWith("/dev/") === true) return told;
  const name = platform === "linux" ? nameOf(deviceNumber()) : undefined;
  return name !== undefined && existsSync(name) ? name : undefined;
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r+"));
    return true;
  } catch {
    return false;
  }
}

/** tty_nr of proc_pid_stat(5): the fifth field behind the name in parentheses. */
function deviceNumber(): number {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[4]);
  } catch {
    return 0;
  }
}

/** Majors as in the kernel's devices.txt: 136 to 143 are pseudoterminals, 4 the console's. */
function nameOf(device: number): string | undefined {
  const major = (device >> 8) & 0xf_ff;
  const minor = (device & 0xff) | ((device >> 12) & 0xf_ff_00);
  if (major >= 136 && major <= 143) return `/dev/pts/${(major - 136) * 256 + minor}`;
  if (major !== 4) return undefined;
  return minor < 64 ? `/dev/tty${minor}` : `/dev/ttyS${minor - 64}`;
}
