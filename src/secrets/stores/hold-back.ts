// A store while secrets may be locked: new ones go in and old ones can be deleted, but none comes out.
import { refuseLocked } from "../lock.ts";
import type { Store } from "./store.ts";

/**
 * @param data our data folder, which the lock lies in.
 * @returns the same store, whose get() throws HelperError `locked` while secrets are locked.
 */
export function holdBack(store: Store, data: string): Store {
  return {
    name: store.name,
    isReadOnly: store.isReadOnly === true,
    async get(key) {
      refuseLocked(data);
      const secret = await store.get(key);
      // A keychain may have waited minutes for the person, who has locked meanwhile.
      refuseLocked(data);
      return secret;
    },
    set: (key, secret, label) => store.set(key, secret, label),
    delete: (key) => store.delete(key),
    list: () => store.list(),
  };
}
