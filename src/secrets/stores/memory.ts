// The memory store: the daemon's, gone with it. docs/design.md, "Stores".
import type { Secret } from "../../secret.ts";
import type { Store } from "./store.ts";

export function openMemoryStore(): Store {
  const secrets = new Map<string, Secret>();
  return {
    name: "memory",
    get: (key) => Promise.resolve(secrets.get(key)),
    set(key, secret) {
      secrets.set(key, secret);
      return Promise.resolve();
    },
    delete: (key) => Promise.resolve(secrets.delete(key)),
    list: () => Promise.resolve([...secrets.keys()]),
  };
}
