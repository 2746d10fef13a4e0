// `npm run bench`: the figures of the specification, section 10, as a table in Markdown, and other helpers beside ours
// where they are installed. Nothing outside of temporary folders is touched. Exit code 1 when a figure is not reached.
import { realpathSync } from "node:fs";
import { cpus } from "node:os";
import { basename } from "node:path";
import { versionOf } from "./find-program.ts";
import { peerVersions } from "./peers/rows.ts";
import type { Row } from "./row.ts";
import { readRows } from "./rows.ts";

const rows = await readRows();
console.log(`${machine().join(", ")}\n`);
console.log(
  "| what | measured | against | ratio | of processor time | must be | |\n|---|--:|--:|--:|--:|--:|---|",
);
for (const row of rows) console.log(line(row));
process.exitCode = rows.every(({ holds }) => holds !== false) ? 0 : 1;

/** All that decides over the times: the front runs in sh, so that too. */
function machine(): readonly string[] {
  return [
    `git ${versionOf("git", { args: ["--version"], pattern: /^git version (.+)$/mu })}`,
    `Node ${process.version}`,
    `sh is ${basename(realpathSync("/bin/sh"))}`,
    `${cpus().length} × ${cpus()[0]?.model}`,
    ...peerVersions(),
  ];
}

function line({ what, measured, against, ratio, processor, must, holds }: Row): string {
  const columns = [what, measured, against ?? "", ratio ?? "", processor ?? "", must ?? "—"];
  return `| ${[...columns, verdict(measured, holds)].join(" | ")} |`;
}

function verdict(measured: string, holds: boolean | undefined): string {
  if (measured === "") return "not measured";
  if (holds === undefined) return "";
  return holds ? "holds" : "**does not hold**";
}
