// Everything a daemon knows, handed to whatever answers: gone when it leaves.
import type { Registry } from "../accounts/registry.ts";
import { isLocked } from "../secrets/lock.ts";
import { watchAccounts } from "./accounts-watch.ts";
import { type Cache, openCache } from "./cache.ts";
import { type Flights, flightTimes, openFlights } from "./flights.ts";
import { type ConfigFiles, openConfigFiles } from "./git-config-files.ts";
import { type KnownGets, openKnownGets } from "./known-gets.ts";
import { openSettingsSnapshots, type SettingsSnapshots } from "./settings-snapshots.ts";

export interface Memory {
  readonly cache: Cache;
  readonly flights: Flights;
  readonly snapshots: SettingsSnapshots;
  readonly config: ConfigFiles;
  readonly gets: KnownGets;
  readonly accounts: Pick<Registry, "read">;
  /** The folder of the accounts file: callers with another one are not answered from here. */
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly counts: { hits: number; misses: number };
  /** While true no secret is given out, and none is kept. Looks at the disk, and forgets what is held when it is. */
  isLocked(): boolean;
  idleTimeoutSeconds: number;
}

export interface MemoryOptions {
  readonly data: string;
  readonly registryPath: string;
  readonly registry: Pick<Registry, "read">;
  readonly now: () => number;
}

export function openMemory(options: MemoryOptions): Memory {
  const { data, registryPath, registry, now } = options;
  const cache = openCache(now);
  return {
    cache,
    flights: openFlights(flightTimes),
    snapshots: openSettingsSnapshots(),
    config: openConfigFiles(),
    gets: openKnownGets(),
    accounts: watchAccounts(registryPath, registry),
    data,
    now,
    counts: { hits: 0, misses: 0 },
    isLocked() {
      if (!isLocked(data)) return false;
      cache.drop(() => true);
      return true;
    },
    idleTimeoutSeconds: 3600, // docs/design.md, "The daemon"; a helper that reports says what is set
  };
}
