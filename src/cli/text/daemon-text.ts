// The answer of `daemon status`, for people and for programs. Never a secret.
import type { DaemonStatus } from "../../daemon/answer-helper.ts";
import { jsonText } from "../../screen/json-text.ts";
import { printable } from "../../screen/printable.ts";

/** @param status undefined when no daemon answers. @param locked whether secrets are locked, with it or without. */
export function daemonText(
  status: DaemonStatus | undefined,
  socket: string,
  locked: boolean,
): string {
  const lockLines = locked ? ["locked: no secret is given out"] : [];
  if (status === undefined)
    return [`no daemon answers at ${printable(socket)}`, ...lockLines, ""].join("\n");
  const { pid, version, uptimeSeconds, hits, misses, entries } = status;
  const lines = [
    `running, process ${pid}, version ${version}, for ${duration(uptimeSeconds)}`,
    `socket: ${printable(socket)}`,
    `answers: ${hits} from memory, ${misses} left to the helper`,
    ...lockLines,
    `secrets in memory: ${entries.length}`,
    ...entries.map(
      ({ account, ageSeconds, leftSeconds }) =>
        `  ${account}, for ${duration(ageSeconds)}; forgotten in ${duration(leftSeconds)} unless used`,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** One object; where no daemon answers, `running` is false, and only the socket and the lock are told besides. */
export function daemonJson(
  status: DaemonStatus | undefined,
  socket: string,
  locked: boolean,
): string {
  const { program: _program, data: _data, ...shown } = status ?? { program: "" };
  const all = { running: status !== undefined, socket, ...shown, locked };
  return jsonText(all);
}

/** 45 s, 12 min, 3 h 20 min. */
function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
