// Secrets in memory, each for a while: sliding from its last use, and never longer than eight hours. docs/design.md, "The daemon".
import { hash } from "node:crypto";
import { ownBytes } from "./own-bytes.ts";

/** After this a secret comes from its store again, however often it is used. */
export const longestLifetimeSeconds = 8 * 3600;

/** Whose secret it is. The key changes with every new secret, so a renewed account never gets its old one. */
export interface SecretName {
  readonly account: string;
  readonly secretKey: string;
}

/** What may be told of an entry: never its secret. */
export interface EntryFacts extends SecretName {
  readonly ageSeconds: number;
  /** Until it goes when nobody uses it. */
  readonly leftSeconds: number;
}

/** Of everything that is held. Bitbucket's longest tokens have 3 kB, and a person has some. */
const most = { entries: 2000, bytes: 4 << 20 } as const;

export interface Cache {
  /** Keeps a copy of the bytes; the caller may wipe its own. What was there longest goes when there is no room. */
  put(name: SecretName, secret: Uint8Array, lifetimeSeconds: number): void;
  /** The bytes are the cache's own and gone with the entry: copy what outlives this turn. Counts as a use. */
  get(name: SecretName): Buffer | undefined;
  /** Whose secret this is; no use of it. Several may have the same: git reports one for each of its places. */
  owners(secret: Uint8Array): readonly SecretName[];
  /** Forgets those for which the test is true. */
  drop(test: (name: SecretName) => boolean): void;
  /** Forgets what is over. */
  sweep(): void;
  facts(): readonly EntryFacts[];
}

interface Entry {
  readonly name: SecretName;
  readonly secret: Buffer;
  readonly digest: string;
  readonly made: number;
  readonly lifetime: number;
  used: number;
}

/** @param now milliseconds since 1970: time that a machine sleeps counts. */
export function openCache(now: () => number): Cache {
  const entries = new Map<string, Entry>();
  let total = 0;

  function forget(entry: Entry): void {
    total -= entry.secret.length;
    entry.secret.fill(0);
    entries.delete(idOf(entry.name));
  }

  function living(entry: Entry | undefined): Entry | undefined {
    if (entry === undefined || timeLeft(entry, now()) > 0) return entry;
    forget(entry);
    return undefined;
  }

  function makeRoom(bytes: number): void {
    for (const entry of entries.values()) {
      if (entries.size < most.entries && total + bytes <= most.bytes) return;
      forget(entry);
    }
  }

  return {
    put(name, secret, lifetimeSeconds) {
      const former = entries.get(idOf(name));
      if (former !== undefined) forget(former);
      makeRoom(secret.length);
      const lifetime = Math.min(lifetimeSeconds, longestLifetimeSeconds) * 1000;
      const entry: Entry = {
        name,
        secret: copyOf(secret),
        digest: digestOf(secret),
        made: now(),
        lifetime,
        used: now(),
      };
      total += secret.length;
      entries.set(idOf(name), entry);
    },
    get(name) {
      const entry = living(entries.get(idOf(name)));
      if (entry !== undefined) entry.used = now();
      return entry?.secret;
    },
    owners(secret) {
      const digest = digestOf(secret);
      return [...entries.values()].flatMap((entry) =>
        entry.digest === digest && living(entry) !== undefined ? [entry.name] : [],
      );
    },
    drop(test) {
      for (const entry of entries.values()) if (test(entry.name)) forget(entry);
    },
    sweep() {
      for (const entry of entries.values()) living(entry);
    },
    facts: () =>
      [...entries.values()].map((entry) => ({
        account: entry.name.account,
        secretKey: entry.name.secretKey,
        ageSeconds: Math.floor((now() - entry.made) / 1000),
        leftSeconds: Math.ceil(Math.max(0, timeLeft(entry, now())) / 1000),
      })),
  };
}

/** Nothing is left when the clock was set back: how long it has really been here cannot be known then. */
function timeLeft(entry: Entry, now: number): number {
  if (now < entry.used) return 0;
  return Math.min(entry.used + entry.lifetime, entry.made + longestLifetimeSeconds * 1000) - now;
}

function idOf({ account, secretKey }: SecretName): string {
  return `${account}\n${secretKey}`;
}

function digestOf(secret: Uint8Array): string {
  return hash("sha256", secret, "base64");
}

function copyOf(secret: Uint8Array): Buffer {
  const copy = ownBytes(secret.length);
  copy.set(secret);
  return copy;
}
