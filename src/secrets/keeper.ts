// What keeping, reading and forgetting secrets work with.
import type { Registry } from "../accounts/registry.ts";
import type { Store } from "./stores/store.ts";
import type { StoreName } from "../store-names.ts";

export interface Keeper {
  readonly registry: Registry;
  /** Opens a store by name; throws HelperError `store-unavailable`. */
  readonly openStore: (name: StoreName) => Promise<Store>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
