// Colours, only where a person looks. no-color.org
import { inspect } from "node:util";
import type { Outside } from "../outside.ts";
import { ownSequence } from "./screen.ts";

export type Style = "bold" | "dim" | "red" | "yellow" | "green";

/** @returns a function that styles text on a terminal, unless NO_COLOR is set or the terminal is a dumb one. */
export function openStyle({
  stdout,
  env,
}: Pick<Outside, "stdout" | "env">): (style: Style, text: string) => string {
  if (stdout.isTTY !== true || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb")
    return (_style, text) => text;
  return (style, text) => {
    const [on, off] = inspect.colors[style] ?? [0, 0];
    return `${ownSequence(`\x1b[${on}m`)}${text}${ownSequence(`\x1b[${off}m`)}`;
  };
}
