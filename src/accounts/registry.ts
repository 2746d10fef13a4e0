// The accounts file: read, locked, written atomically, versioned. Spec, section 3.
import type { Account } from "./account.ts";

export interface Registry {
  /** All accounts, in the order they were made; empty when there is no file. Throws HelperError `registry`. */
  read(): Promise<readonly Account[]>;
  /** Reads under the lock, applies the change, writes when something changed; resolves to what is in the file now. */
  update(change: (accounts: readonly Account[]) => readonly Account[]): Promise<readonly Account[]>;
}
