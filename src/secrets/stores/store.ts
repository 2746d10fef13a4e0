// Where secrets lie. One interface; one file per store, each the only one that names its package. docs/design.md, "Stores".
import type { Secret } from "../../secret.ts";
import type { StoreName } from "../../store-names.ts";

/** What a store that people look into shows beside a secret; never a secret itself. */
export interface Label {
  /** Git's. */
  readonly username: string;
  /** What the secret is for: `https://bitbucket.org/acme/api`. */
  readonly url: string;
}

/** Throws HelperError `store-unavailable` or `store-locked` when it cannot tell; "not there" is a value. */
export interface Store {
  readonly name: StoreName;
  /** True where others make the secrets: then nothing is kept, changed or deleted there. */
  readonly isReadOnly?: boolean;
  get(key: string): Promise<Secret | undefined>;
  /** Resolves only when a later get, also of another process, would return it. */
  set(key: string, secret: Secret, label?: Label): Promise<void>;
  /** @returns whether there was something to delete. */
  delete(key: string): Promise<boolean>;
  /** The keys of every secret of ours in this store. */
  list(): Promise<readonly string[]>;
}
