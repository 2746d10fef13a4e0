// What differs from day to day and from machine to machine, written alike everywhere.
import { version } from "../../src/version.ts";
import type { World } from "../support/world.ts";

/** @returns the text with names for paths, instants, lengths of time, process ids and versions. */
export function settle(text: string, world: World): string {
  const paths: readonly (readonly [string, string])[] = [
    [world.front, "FRONT"],
    [world.authority, "AUTHORITY"],
    [world.env["XDG_RUNTIME_DIR"] ?? "", "RUNTIME"],
    [world.work, "WORK"],
    [world.home, "HOME"],
  ];
  const named = paths.reduce((settled, [path, name]) => settled.replaceAll(path, name), text);
  return named
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/gu, "INSTANT")
    .replaceAll(/\b20(?!20-01-02|27-11-22)\d\d-\d\d-\d\d\b/gu, "DATE")
    .replaceAll(/\bDATE \d\d:\d\d UTC/gu, "DATE TIME")
    .replaceAll(/\bfor \d+ s\b/gu, "for N s")
    .replaceAll(/\bforgotten in \d+ min\b/gu, "forgotten in N min")
    .replaceAll(/\bin \d+ days\b/gu, "in N days")
    .replaceAll(/\bin \d+ ms\b/gu, "in N ms")
    .replaceAll(/\b(process|"pid":) \d+/gu, "$1 N")
    .replaceAll(/\bpassword_expiry_utc=\d+/gu, "password_expiry_utc=SECONDS")
    .replaceAll(/\b\d+ of 103 bytes/gu, "N of 103 bytes")
    .replaceAll(/^(ok {7}(?:git|node) +)\d+\.\d+\.\d+$/gmu, "$1VERSION")
    .replaceAll(/^(ok {7}proxy +)(?:none|http:\/\/HOST)$/gmu, "$1WAY")
    .replaceAll(version, "VERSION");
}
