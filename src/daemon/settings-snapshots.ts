// What the helper said about settings that the daemon cannot read by itself: for one state of git's configuration files
// and one request. While the files are the same, it holds. See git-config-files.ts.
import type { Request } from "../protocol/request.ts";
import type { Settings } from "../settings/settings.ts";

export interface SettingsSnapshot {
  /** Whether the host is one of ours under these settings. */
  readonly ours: boolean;
  /** False when every answer has to come from the helper. */
  readonly serve: boolean;
  /** Whether a person may be asked. */
  readonly asks: boolean;
  readonly validate: Settings["validate"];
}

export interface SettingsSnapshots {
  put(key: string, snapshot: SettingsSnapshot): void;
  get(key: string): SettingsSnapshot | undefined;
}

const most = 1000;
/** Hosts, paths and the stamps of a few files; who has longer ones is answered by the helper each time. */
const longestKey = 4096;

/** @param stamp of the configuration files. Settings may hold for one path of one host only. */
export function snapshotKey(stamp: string, request: Pick<Request, "host" | "path">): string {
  return `${request.host}\n${request.path ?? ""}\n${stamp}`;
}

export function openSettingsSnapshots(): SettingsSnapshots {
  const snapshots = new Map<string, SettingsSnapshot>();
  return {
    put(key, snapshot) {
      if (key.length > longestKey) return;
      snapshots.delete(key);
      snapshots.set(key, snapshot);
      if (snapshots.size > most) snapshots.delete(snapshots.keys().next().value ?? "");
    },
    get: (key) => snapshots.get(key),
  };
}
