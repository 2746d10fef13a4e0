// doctor: what keeps this program from working, each with the advice as a command. Safe to paste. docs/design.md, "Commands".
import { setTimeout as sleep } from "node:timers/promises";
import { runChecks, type Row } from "../../flows/doctor/doctor.ts";
import { type Mask, openMask } from "../../flows/doctor/mask.ts";
import { openDoctorContext, type DoctorContext } from "../../flows/doctor/context.ts";
import { findPrivateWords, homesOf } from "../../flows/doctor/private-words.ts";
import { checks } from "../../flows/doctor/table.ts";
import type { Outside } from "../../outside.ts";
import { openStyle } from "../../screen/style.ts";
import { version } from "../../version.ts";
import type { CommandInput } from "../command.ts";
import { doctorJson, rowText, summaryText } from "../text/doctor-text.ts";
import { ownCommand } from "../../git/helper-command.ts";

const titleWidth = Math.max(...checks.map(({ title }) => title.length));
const patienceMilliseconds = 1000;
const sayMore = "git credential-bitbucket doctor --verbose";

/** @returns 1 when a check failed. */
export async function run({ values }: CommandInput, outside: Outside): Promise<number> {
  const over = new AbortController();
  const [asJson, isBrief, isVerbose] = ["json", "brief", "verbose"].map(
    (name) => values[name] === true,
  );
  const print = (text: string): void => {
    if (asJson !== true) outside.stdout.write(text);
  };
  if (isBrief !== true) print(`git-credential-bitbucket ${version} on ${outside.platform}\n`);
  const rows: Row[] = [];
  const unfinished: Promise<unknown>[] = [];
  try {
    const context = openDoctorContext(
      { ...outside, signal: over.signal },
      () => ownCommand(outside),
      isVerbose === true,
    );
    const paint = openStyle(outside);
    for await (const row of examineMasked(context, unfinished)) {
      rows.push(row);
      const isTold = isBrief !== true || row.result === "warning" || row.result === "failed";
      if (isTold) print(rowText(row, titleWidth, paint));
    }
  } finally {
    // What still runs answers nobody.
    over.abort();
  }
  print(summaryText(rows));
  if (asJson === true) outside.stdout.write(doctorJson(rows, outside.platform));
  if (unfinished.length > 0) await leaveBehind(unfinished, outside);
  return rows.some(({ result }) => result === "failed") ? 1 : 0;
}

/**
 * A file system that does not answer holds a thread that cannot be ended, and process.exit would wait for it: so the
 * process goes without. Everything has been told by then.
 */
async function leaveBehind(
  unfinished: readonly Promise<unknown>[],
  { stdout }: Outside,
): Promise<void> {
  const isOver = await Promise.race([
    Promise.allSettled(unfinished),
    sleep(patienceMilliseconds, false),
  ]);
  if (isOver === false) stdout.write("", () => process.kill(process.pid, "SIGKILL"));
}

async function* examineMasked(
  context: DoctorContext,
  unfinished: Promise<unknown>[],
): AsyncGenerator<Row> {
  const rows = runChecks(checks, context, unfinished);
  const words = context.verbose ? undefined : await findPrivateWords(context);
  const mask = openMask(words, homesOf(context.outside));
  for await (const row of rows) yield maskRow(row, mask);
}

/** A command that misses a name is of no use. */
function maskRow(row: Row, mask: Mask): Row {
  const advice = row.advice === undefined ? undefined : mask(row.advice);
  return {
    ...row,
    message: mask(row.message).text,
    advice: advice?.incomplete === true ? sayMore : advice?.text,
  };
}
