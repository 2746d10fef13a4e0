// The answer of `doctor`, for people and for programs.
import type { Result } from "../../flows/doctor/check.ts";
import type { Row } from "../../flows/doctor/doctor.ts";
import type { Style } from "../../screen/style.ts";
import { version } from "../../version.ts";
import { jsonText } from "../../screen/json-text.ts";

type Paint = (style: Style, text: string) => string;

const styles: Readonly<Record<Result, Style>> = {
  ok: "green",
  warning: "yellow",
  failed: "red",
  skipped: "dim",
};
const results = Object.keys(styles) as readonly Result[];
const resultWidth = Math.max(...results.map(({ length }) => length));

/** One line, and one more with the advice. @param titleWidth of the second column. */
export function rowText({ result, title, message, advice }: Row, titleWidth: number, paint: Paint) {
  const line = (first: string, second: string, text: string): string =>
    `${first}  ${second.padEnd(titleWidth)}  ${text}\n`;
  return [
    line(paint(styles[result], result.padEnd(resultWidth)), title, message),
    ...(advice === undefined ? [] : [line(" ".repeat(resultWidth), "  next", advice)]),
  ].join("");
}

/** `12 ok, 1 warning, 0 failed, 3 skipped`. */
export function summaryText(rows: readonly Row[]): string {
  const counts = results.map((result) => {
    const { length } = rows.filter((row) => row.result === result);
    return `${length} ${result === "warning" && length !== 1 ? "warnings" : result}`;
  });
  return `${counts.join(", ")}\n`;
}

/**
 * One object and a line feed:
 *
 *     version    1
 *     program    version of this program
 *     platform   as node names it, such as linux
 *     checks     [{ title, result, message, advice }]: result is ok, warning, failed or skipped; advice a command or null
 *
 * Members are added in later versions, never renamed or given another meaning. A check may have several rows.
 */
export function doctorJson(rows: readonly Row[], platform: string): string {
  const checks = rows.map(({ title, result, message, advice = null }) => ({
    title,
    result,
    message,
    advice,
  }));
  const answer = { version: 1, program: version, platform, checks };
  return jsonText(answer);
}
