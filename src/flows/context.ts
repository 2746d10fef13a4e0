// What the operations need of the outside. main.ts hands in the real ones.
import type { Registry } from "../accounts/registry.ts";
import type { Account } from "../accounts/account.ts";
import type { CheckSubject } from "../servers/cloud/check-subject.ts";
import type { Verdict } from "../servers/cloud/verdict.ts";
import type { Request } from "../protocol/request.ts";
import type { Secret } from "../secret.ts";
import type { Store, StoreName } from "../secrets/stores/store.ts";
import type { EnvironmentToken } from "../settings/environment-token.ts";
import type { Log } from "../log/log.ts";
import type { Settings } from "../settings/settings.ts";

/** @param renews the account whose token is dead. */
export interface LoginQuestion {
  readonly request: Request;
  readonly renews?: Account | undefined;
}

export interface LoginAnswer {
  readonly account: Account;
  readonly secret: Secret;
}

export interface Ports {
  readonly settings: Settings;
  readonly registry: Registry;
  /** Opens a store by name; throws HelperError `store-unavailable`. */
  readonly openStore: (name: StoreName) => Promise<Store>;
  /** The store for a new account: the setting, else keychain when it answers, else file. */
  readonly chooseStore: () => Promise<StoreName>;
  /** Throws HelperError `store-locked` or `store-unavailable` when the store surely takes no new secret now. */
  readonly probeStore: (name: StoreName) => Promise<void>;
  /** Never throws for network trouble: that is `unknown`. */
  readonly validate: (subject: CheckSubject) => Promise<Verdict>;
  /**
   * Asks the person for a token for this request, or for a new one of the account given, validates and stores it;
   * undefined when nobody can be asked. Throws `cancelled`.
   */
  readonly login: (question: LoginQuestion) => Promise<LoginAnswer | undefined>;
  /** False where nothing that git reports may become a login: in CI, where the next job is somebody else's. */
  readonly learns: boolean;
  /** A token from the environment, served for bitbucket.org before any account. */
  readonly environmentToken?: EnvironmentToken | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
  /** One error line and one hint line on stderr. */
  readonly warn: (message: string, hint?: string) => void;
  /** One warning line and one hint line on stderr: what still works, and should be known. */
  readonly note: (message: string, hint?: string) => void;
  /** As warn, at most once a minute for what bears this name. */
  readonly warnRarely: (name: string, message: string, hint?: string) => Promise<void>;
  /**
   * Whether git, told nothing by us, is left without a way to this host: no other helper stands behind this one, and
   * nobody can be asked.
   */
  readonly isLastWay: (host: string) => Promise<boolean>;
  /** One warning line and one hint line on stderr, at most once a day for what bears this name. */
  readonly remind: (name: string, message: string, hint?: string) => Promise<void>;
  /** Names an account whose token is to be checked in the background, after the answer is out. */
  readonly checkLater: (account: string) => void;
  /** Hears whose secret git gets, before it gets it: the daemon answers the next time. */
  readonly served?: ((account: Account, secret: Secret) => void) | undefined;
  /** Hears of an account that is gone: the daemon drops what it has of it. */
  readonly forgotten?: ((account: Account) => void) | undefined;
}
