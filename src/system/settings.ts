// Settings: git config keys credential.bitbucket…, each with an environment override. Spec, section 8.
import type { StoreName } from "../stores/store.ts";

export interface Settings {
  /** Undefined: keychain when it answers, else file. */
  readonly store: StoreName | undefined;
  /** Every host that is ours, folded, with its port when it is not 443: bitbucket.org, www.bitbucket.org and the configured ones. */
  readonly hosts: ReadonlySet<string>;
  readonly apiUrl: string;
  readonly validate: "first-use" | "always" | "never";
  /** Limit of one check against REST, at most 5 in `get`. */
  readonly timeoutSeconds: number;
  readonly daemon: boolean;
  readonly idleTimeoutSeconds: number;
  readonly cacheTimeoutSeconds: number;
  readonly logLevel: "silent" | "error" | "warn" | "info" | "debug" | "trace";
  readonly logFile: string | undefined;
  /** False when credential.interactive or GIT_TERMINAL_PROMPT forbids questions. */
  readonly interactive: boolean;
  /** git's useHttpPath for this URL: without it git sends no path. */
  readonly useHttpPath: boolean;
}
