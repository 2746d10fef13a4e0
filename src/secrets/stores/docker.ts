// Stores behind a program of the docker-credential-helpers protocol. It keeps one user for each server address, so each key
// is an address of its own. docs/design.md, "Stores".
import { join } from "node:path";
import { HelperError } from "../../errors.ts";
import { withLock } from "../../files/lock.ts";
import { Secret } from "../../secret.ts";
import { type DockerAccess, dockerAccess } from "./docker-access.ts";
import { type DockerOptions, failureOf, runDocker } from "./docker-program.ts";
import { escapePath, unescapePath } from "./key-name.ts";
import type { AccessOptions } from "./keyring-access.ts";
import { unavailable } from "./pass-program.ts";
import type { Store } from "./store.ts";

const start = "git-credential-bitbucket/";
/** Behind an address whose secret is about to be replaced; escapePath() writes no such address. */
const unfinished = "%new";
/** The same for all: another one would be a second entry under the address, and which of them is got is chance. */
const user = "token";
const lockMilliseconds = 60_000;
const maxAddressLength = 180; // docker-credential-pass makes a file name of it, a third longer
const maxRequestBytes = 60_000; // bufio.Scanner of Go takes lines below 64 KiB

type Found = { readonly secret: Secret } | { readonly secret?: never; readonly isDamaged: boolean };

/** @param options.data our data folder: writes of ours wait for each other there. */
export function openDockerStore(
  options: DockerOptions & AccessOptions & { readonly data: string },
): Store {
  const { name, data } = options;
  const access: DockerAccess = dockerAccess(name, options);

  async function read(address: string): Promise<Found> {
    const { isDone, text } = await runDocker(options, "get", address);
    if (!isDone) return { isDamaged: !isMiss(text) };
    const { Username: username = "", Secret: secret = "" } = parse(text, name);
    if (secret !== "") return { secret: new Secret(secret) };
    // Of what is not there docker-credential-pass gives neither; of a file that was cut off, the name.
    return { isDamaged: username !== "" };
  }

  async function write(address: string, secret: Secret): Promise<void> {
    const content = { ServerURL: address, Username: user, Secret: secret.reveal() };
    const request = JSON.stringify(content);
    if (Buffer.byteLength(request) > maxRequestBytes)
      throw new HelperError("store-unavailable", `${name} takes no secrets beyond 60 kB`);
    if (!(await runDocker(options, "store", request)).isDone) throw failureOf(name);
  }

  async function addresses(): Promise<readonly string[]> {
    if (!(await access.mayHold())) return [];
    const { isDone, text } = await runDocker(options, "list");
    if (!isDone) throw failureOf(name);
    // On macOS, addresses come back as URLs.
    const all = Object.keys(parse(text, name)).map((url) => url.replace(/^https:\/\//u, ""));
    return all.filter((address) => address.startsWith(start));
  }

  /** @returns whether it was there. */
  async function erase(address: string, found: readonly string[]): Promise<boolean> {
    if (!found.includes(address)) return false;
    const { isDone } = await runDocker(options, "erase", address);
    // Somebody else may have.
    if (!isDone && (await addresses()).includes(address)) throw failureOf(name);
    return true;
  }

  const alone = <T>(step: () => Promise<T>): Promise<T> =>
    withLock(join(data, `${name}.lock`), step, lockMilliseconds);

  return {
    name,
    async get(key) {
      const address = addressOf(key);
      if (!(await access.mayHold(address))) return undefined;
      const found = await read(address);
      if (found.secret !== undefined) return found.secret;
      // Killed while it was replaced, or just being replaced.
      const other = await read(address + unfinished);
      if (other.secret !== undefined) return other.secret;
      if (!found.isDamaged && !other.isDamaged) return undefined;
      throw unavailable(`${name} gives no secret for ${address}`, `${name} list`);
    },
    async set(key, secret) {
      const address = addressOf(key);
      await access.refuseUnwritable();
      await alone(async () => {
        const found = await addresses();
        // Not every helper replaces at one stroke: at any time one of the two is whole.
        const isReplaced = found.includes(address);
        if (isReplaced) await write(address + unfinished, secret);
        await write(address, secret);
        if (isReplaced || found.includes(address + unfinished))
          await erase(address + unfinished, [address + unfinished]);
      });
    },
    async delete(key) {
      const address = addressOf(key);
      return await alone(async () => {
        const found = await addresses();
        const other = await erase(address + unfinished, found);
        return (await erase(address, found)) || other;
      });
    },
    async list() {
      const keys = (await addresses()).map((address) => unescapePath(address.slice(start.length)));
      return keys.filter((key) => key !== undefined);
    },
  };
}

/** Resolves when the program answers. Throws HelperError `store-locked` or `store-unavailable`. */
export async function probeDocker(options: DockerOptions & AccessOptions): Promise<void> {
  await dockerAccess(options.name, options).refuseUnwritable();
  if (!(await runDocker(options, "list")).isDone) throw failureOf(options.name);
}

function addressOf(key: string): string {
  const address = start + escapePath(key);
  if (address.length <= maxAddressLength) return address;
  throw new HelperError("usage", "the account's name is too long for docker's helpers");
}

/** Its words are part of the protocol. */
function isMiss(text: string): boolean {
  return text.trim() === "credentials not found in native keychain";
}

function parse(text: string, name: DockerOptions["name"]): Readonly<Record<string, string>> {
  try {
    const answer: unknown = JSON.parse(text);
    // Of nothing, `list` gives null in some.
    if (typeof answer === "object") return (answer ?? {}) as Record<string, string>;
  } catch {
    // Not named as the cause: JSON.parse quotes the text.
  }
  throw unavailable(`${name} answers with something else than JSON`, `${name} list`);
}
