// `npm run bench`: the figures of the specification, section 10, as a table in Markdown. Nothing outside of temporary
// folders is touched. Exit code 1 when a figure is not reached.
import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { readRows, type Row } from "./rows.ts";

const rows = await readRows();
console.log(
  `git ${versionOf("git")}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`,
);
console.log("| what | measured | against | ratio | must be | |\n|---|--:|--:|--:|--:|---|");
for (const row of rows) console.log(line(row));
process.exitCode = rows.every(({ holds }) => holds !== false) ? 0 : 1;

function line({ what, measured, against, ratio, must, holds }: Row): string {
  const verdict = holds === undefined ? "not measured" : holds ? "holds" : "**does not hold**";
  return `| ${[what, measured, against ?? "", ratio ?? "", must, verdict].join(" | ")} |`;
}

function versionOf(program: string): string {
  return execFileSync(program, ["--version"], { encoding: "utf8" })
    .trim()
    .replace(/^git version /u, "");
}
