// doctor as a person runs it: in a world of its own, with what it says taken apart.
import type { RunOptions } from "../../support/sandbox.ts";
import { type Desk, openDesk } from "../../support/desk.ts";

export interface Row {
  readonly title: string;
  readonly result: "ok" | "warning" | "failed" | "skipped";
  readonly message: string;
  readonly advice: string | null;
}

export interface Report {
  readonly exitCode: number | null;
  readonly rows: readonly Row[];
  /** The rows of one check, without its title. */
  readonly of: (title: string) => readonly Omit<Row, "title">[];
}

export interface Examination {
  readonly desk: Desk;
  /** `doctor --json` with these options. Throws, showing it, when stderr says anything. */
  readonly runDoctor: (options?: RunOptions, args?: readonly string[]) => Promise<Report>;
}

export function openExamination(): Examination {
  const desk = openDesk();
  return {
    desk,
    async runDoctor(options = {}, args = []) {
      const { world } = desk;
      const { stdout, stderr, exitCode } = await world.helper(
        ["doctor", "--json", ...args],
        options,
      );
      if (stderr !== "") throw new Error(`doctor wrote to stderr: ${stderr}`);
      return reportOf(stdout, exitCode);
    },
  };
}

/** @param text what `doctor --json` printed. */
export function reportOf(text: string, exitCode: number | null): Report {
  const { checks: rows } = JSON.parse(text) as { checks: readonly Row[] };
  return {
    exitCode,
    rows,
    of: (title) =>
      rows.filter((row) => row.title === title).map(({ title: _title, ...rest }) => rest),
  };
}

export const ok = (message: unknown) => ({ result: "ok", message, advice: null });
export const warning = (message: unknown, advice: string) => ({
  result: "warning",
  message,
  advice,
});
export const failed = (message: unknown, advice: string) => ({ result: "failed", message, advice });
export const skipped = (message: unknown, advice: string | null = null) => ({
  result: "skipped",
  message,
  advice,
});
