// What a flow works with: what is costly is opened when it is used. open-context.ts puts it together.
import type { Registry } from "../accounts/registry.ts";
import type { ConfigEntry } from "../git/config-entries.ts";
import type { Log } from "../log/log.ts";
import type { Outside } from "../outside.ts";
import type { Store } from "../secrets/stores/store.ts";
import type { StoreName } from "../store-names.ts";
import type { CheckSubject } from "../servers/check-subject.ts";
import type { Verdict } from "../servers/verdict.ts";
import type { EnvironmentToken } from "../settings/environment-token.ts";
import type { Settings } from "../settings/settings.ts";

export interface Context {
  readonly outside: Outside;
  /** Git's whole configuration, in its order. */
  readonly config: readonly ConfigEntry[];
  readonly settings: Settings;
  readonly registry: Registry;
  /** Opens a store by name; throws HelperError `store-unavailable`. */
  readonly openStore: (name: StoreName) => Promise<Store>;
  /** The store for a new account: the setting, else keychain when it answers, else file. */
  readonly chooseStore: () => Promise<StoreName>;
  /** Throws HelperError `store-locked` or `store-unavailable` when the store surely takes no new secret now. */
  readonly probeStore: (name: StoreName) => Promise<void>;
  /** Never throws for network trouble: that is `unknown`. */
  readonly validate: (host: string, subject: CheckSubject) => Promise<Verdict>;
  /** False where nothing that git reports may become a login: in CI, where the next job is somebody else's. */
  readonly learns: boolean;
  /** A token from the environment, served for bitbucket.org before any account. */
  readonly environmentToken?: EnvironmentToken | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}
