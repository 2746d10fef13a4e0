// The person's proxies on their way to a program of ours in the background. They go through its stdin: their URLs may hold
// a password, and whatever runs as the same user can read the environment of a process.
import type { Readable } from "node:stream";
import type { Environment } from "../outside.ts";

const proxyName = /^(?:https?|all)_proxy$/iu;

/** @returns what such a program is given to read; a secret. */
export function formatProxies(env: Environment): Uint8Array {
  const proxies = Object.entries(env).filter(([name]) => proxyName.test(name));
  return Buffer.from(JSON.stringify(Object.fromEntries(proxies)));
}

/** @returns the variables that formatProxies wrote; of anything else, none. */
export async function readProxies(stdin: Readable): Promise<Environment> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin as AsyncIterable<Buffer>) pieces.push(piece);
  try {
    const handed = Object.entries(JSON.parse(Buffer.concat(pieces).toString("utf8")) as object);
    const proxies = handed.filter(
      (entry): entry is [string, string] =>
        proxyName.test(entry[0]) && typeof entry[1] === "string",
    );
    return Object.fromEntries(proxies);
  } catch {
    return {};
  }
}
