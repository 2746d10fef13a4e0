// For the tests of the rules: a furnished site with a clock that the test moves, and headers as clients send them.
import { Site } from "./site.ts";
import { furnish } from "./standard-site.ts";

export interface RulesWorld {
  readonly site: Site;
  readonly moveClock: (seconds: number) => void;
}

export function openRules(): RulesWorld {
  let now = Date.UTC(2026, 10, 22);
  const site = new Site(() => now);
  furnish(site);
  return { site, moveClock: (seconds) => void (now += seconds * 1_000) };
}

export function basic(username: string, secret: string): string {
  return `Basic ${Buffer.from(`${username}:${secret}`).toString("base64")}`;
}

export function bearer(secret: string): string {
  return `Bearer ${secret}`;
}
